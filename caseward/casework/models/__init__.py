"""Tables of casework, one module per noun."""

from caseward.casework.models.case import Case, Link
from caseward.casework.models.escalation import Escalation
from caseward.casework.models.floor import FloorMove, TeamMessage, TeamMessageReader
from caseward.casework.models.message import Attachment, Message, MessageOriginal, Outgoing
from caseward.casework.models.party import Party, PartyContact
from caseward.casework.models.workplace import Draft, Presence, SavedFilter

__all__ = [
    "Attachment",
    "Case",
    "Draft",
    "Escalation",
    "FloorMove",
    "Link",
    "Message",
    "MessageOriginal",
    "Outgoing",
    "Party",
    "PartyContact",
    "Presence",
    "SavedFilter",
    "TeamMessage",
    "TeamMessageReader",
]
