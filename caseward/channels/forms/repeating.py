"""A form sent again from a page fetched anew: the browser's *Back*, then *Send*."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from caseward.casework.models import Attachment, Case, Message, Party
from caseward.casework.services import NewCase
from caseward.channels.attachments import KeptFile
from caseward.channels.models import FormTicket
from caseward.core.masking import mask

SAME_FOR = timedelta(minutes=30)


def case_of_same(
    new: NewCase, files: Sequence[KeptFile], *, address_hash: bytes, now: datetime
) -> Case | None:
    """Return the case this sender opened in the last half hour with the very same form.

    The sender's address, the e-mail address and every word must be the same. Whoever knows
    only somebody's e-mail address, or writes from elsewhere, opens a case and learns nothing.
    """
    sent = FormTicket.objects.filter(address_hash=address_hash, submitted_at__gt=now - SAME_FOR)
    cases = Case.objects.filter(
        pk__in=sent.filter(case__isnull=False).values("case_id"),
        lob_id=new.lob_id,
        channel=Case.Channel.FORM,
        opened_at__gt=now - SAME_FOR,
        parties__part=Party.Part.REQUESTER,
        parties__contact__email=new.people[0].email,
    )
    text = mask(new.text).text
    return next((case for case in cases.order_by("pk") if _says(case, text, files)), None)


def _says(case: Case, text: str, files: Sequence[KeptFile]) -> bool:
    """Say whether a case began with this text, and has these files or more."""
    first = Message.objects.filter(case=case).order_by("pk").values_list("pk", "text").first()
    if first is None or first[1] != text:
        return False
    known = Attachment.objects.filter(message_id=first[0]).values_list("sha256", flat=True)
    return {file.sha256 for file in files} <= set(known)
