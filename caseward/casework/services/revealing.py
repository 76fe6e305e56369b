"""Seeing contact details whole: for in-house staff, with a reason, and never without a trace."""

from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import PartyContact
from caseward.casework.services.recording import record_in_house
from caseward.casework.services.replying import NothingToSay
from caseward.org.models import StaffMember


@transaction.atomic
def reveal_contact(
    *, reference: str, part: str, why: str, by: StaffMember, now: datetime
) -> PartyContact | None:
    """Return the contact details of a party; None where none are known.

    Raises:
        access.CaseNotVisible: no such case, or not this person's.
        access.NotYoursToChange: the person works at a vendor.
        NothingToSay: no reason was given.
    """
    case = access.case_to_read(reference=reference, by=by)
    if by.vendor_id is not None:
        raise access.NotYoursToChange(reference)
    if not why.strip():
        raise NothingToSay
    record_in_house("contact.revealed", case, at=now, by=by, part=part, why=why.strip())
    return PartyContact.objects.filter(party__case=case, party__part=part).first()
