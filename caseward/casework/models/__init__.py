"""Tables of casework, one module per noun."""

from caseward.casework.models.alert import StaffAlert
from caseward.casework.models.bulk import BulkAction, BulkItem
from caseward.casework.models.campaign import Campaign, CampaignCase, CampaignMember
from caseward.casework.models.capacity import CapacityIncident
from caseward.casework.models.case import Case, Link
from caseward.casework.models.content import (
    MacroUse,
    NoteTemplateUse,
    PastReason,
    PlaybookStep,
)
from caseward.casework.models.emergency import Disclosure, Emergency, EmergencyPage, Worksheet
from caseward.casework.models.escalation import Escalation, EscalationQuestion
from caseward.casework.models.floor import FloorMove, TeamMessage, TeamMessageReader
from caseward.casework.models.help import HelpRequest
from caseward.casework.models.incident import Incident, IncidentCase
from caseward.casework.models.law import DisclosureLock, Notice
from caseward.casework.models.message import Attachment, Message, MessageOriginal, Outgoing
from caseward.casework.models.on_call import Expert, OnCallPlace, OnCallRota, OnCallTrial
from caseward.casework.models.party import Party, PartyContact
from caseward.casework.models.review import CaseReview
from caseward.casework.models.workplace import (
    Draft,
    PersonalPlace,
    Preference,
    Presence,
    SavedFilter,
)

__all__ = [
    "Attachment",
    "BulkAction",
    "BulkItem",
    "Campaign",
    "CampaignCase",
    "CampaignMember",
    "CapacityIncident",
    "Case",
    "CaseReview",
    "Disclosure",
    "DisclosureLock",
    "Draft",
    "Emergency",
    "EmergencyPage",
    "Escalation",
    "EscalationQuestion",
    "Expert",
    "FloorMove",
    "HelpRequest",
    "Incident",
    "IncidentCase",
    "Link",
    "MacroUse",
    "Message",
    "MessageOriginal",
    "NoteTemplateUse",
    "Notice",
    "OnCallPlace",
    "OnCallRota",
    "OnCallTrial",
    "Outgoing",
    "Party",
    "PartyContact",
    "PastReason",
    "PersonalPlace",
    "PlaybookStep",
    "Preference",
    "Presence",
    "SavedFilter",
    "StaffAlert",
    "TeamMessage",
    "TeamMessageReader",
    "Worksheet",
]
