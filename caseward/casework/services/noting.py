"""An internal note: said on the case, never sent."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case, Draft, Message, NoteTemplateUse
from caseward.casework.services.recording import record, record_in_house
from caseward.casework.services.replying import NothingToSay
from caseward.core.masking import mask
from caseward.org.models import StaffMember
from caseward.policy.models import NoteTemplate


@transaction.atomic
def add_note(
    *,
    reference: str,
    by: StaffMember,
    text: str,
    now: datetime,
    in_house_only: bool = False,
    templates: Collection[str] = (),
) -> Message:
    """Add a note for colleagues. Whoever may read the case may note on it.

    A vendor's staff cannot write notes that only in-house staff read.

    Args:
        templates: Keys of the templates it was made with, to count them.
    Raises:
        access.CaseNotVisible: no such case, or not this person's.
        NothingToSay: the note is empty.
    """
    if not text.strip():
        raise NothingToSay
    case = access.case_to_read(reference=reference, by=by)
    hidden = in_house_only and by.vendor_id is None
    message = Message.objects.create(
        case=case,
        direction=Message.Direction.NOTE,
        channel=Case.Channel.INTERNAL,
        at=now,
        author_id=by.pk,
        author_name=by.name,
        text=mask(text).text,
        language="en",
        in_house_only=hidden,
    )
    _count(message, templates, now)
    Draft.objects.filter(case=case, staff_id=by.pk).delete()
    leave_trace = record_in_house if hidden else record
    leave_trace("note.added", case, at=now, by=by, message_id=message.pk)
    return message


def _count(message: Message, keys: Collection[str], now: datetime) -> None:
    if keys:
        known = NoteTemplate.objects.filter(key__in=keys, is_active=True)
        NoteTemplateUse.objects.bulk_create(
            NoteTemplateUse(message=message, template=template, at=now) for template in known
        )
