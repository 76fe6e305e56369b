"""The messages of a case, day by day."""

from collections.abc import Iterable
from datetime import datetime
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from caseward.casework.models import Attachment, Case, Message, Outgoing
from caseward.channels.models import RawMail
from caseward.org.models import StaffMember
from caseward.web.look import initials
from caseward.web.views.desk.showing import moments
from caseward.web.views.desk.showing.colleagues import name_for

MOST_MESSAGES = 200
FATES = {
    "QUEUED": "clock",
    "SENT": "check-check",
    "FAILED": "circle-alert",
    "BOUNCED": "undo-2",
    "CANCELLED": "ban",
}


def messages_of(case: Case, *, has_duplicates: bool) -> list[Message]:
    """Return the newest 200 messages of a case and of those merged into it, oldest first."""
    found = Message.objects.filter(case=case).select_related("author", "outgoing")
    if has_duplicates:
        # Two lookups by index: one condition over the join would read every case there is.
        duplicates = Case.objects.filter(merged_into=case).values_list("pk", flat=True)
        wanted = Message.objects.filter(case_id__in=[case.pk, *duplicates])
        found = wanted.select_related("author", "outgoing", "case")
    newest = found.prefetch_related("attachments").order_by("-at", "-pk")
    return list(reversed(newest[:MOST_MESSAGES]))


def days(messages: list[Message], case: Case, reader: StaffMember) -> list[dict[str, Any]]:
    kept_raw = _kept_raw(messages, reader)
    return [
        {
            "label": moments.day(on),
            "messages": [_message(m, case, reader, m.pk in kept_raw) for m in of_day],
        }
        for on, of_day in groupby(messages, key=lambda m: timezone.localtime(m.at).date())
    ]


def _message(message: Message, case: Case, reader: StaffMember, has_raw: bool) -> dict[str, Any]:
    who = _who(message, reader)
    is_inbound = message.direction == Message.Direction.INBOUND
    return {
        "id": message.pk,
        "kind": message.direction,
        "who": who,
        "initials": initials(who),
        "tier": 0 if is_inbound else _tier(message),
        "sent_at": message.at,
        "time": moments.clock_time(message.at),
        "language": message.language,
        "text": message.text,
        "problem": message.problem,
        "from_duplicate": message.case.reference if message.case_id != case.pk else "",
        "is_automatic": message.is_automatic,
        "is_in_house": message.in_house_only,
        "quoted": message.quoted,
        "html_url": reverse("message-html", args=[message.pk]) if message.has_html else "",
        "raw_url": reverse("message-raw", args=[message.pk]) if has_raw else "",
        "attachments": [_attachment(a, case) for a in _in_order(message.attachments.all())],
        **_fate(message),
    }


def _kept_raw(messages: list[Message], reader: StaffMember) -> set[int]:
    """Return the messages whose raw mail this reader may have: in-house staff any, others none."""
    if reader.vendor_id:
        return set()
    kept = RawMail.objects.filter(message__in=[message.pk for message in messages])
    return {pk for pk in kept.values_list("message_id", flat=True) if pk}


def _who(message: Message, reader: StaffMember) -> str:
    if message.direction == Message.Direction.INBOUND:
        return message.author_name or _("Requester")
    return name_for(reader, staff_id=message.author_id, name=message.author_name)


def _tier(message: Message) -> int:
    # A vendor's staff do not see in-house people: an author they cannot read is in tier 2.
    author = message.author
    return author.tier if author else 2


def _fate(message: Message) -> dict[str, str]:
    outgoing: Outgoing | None = getattr(message, "outgoing", None)
    if outgoing is None:
        return {"fate": "", "fate_label": "", "fate_icon": ""}
    label = str(Outgoing.State(outgoing.state).label)
    if outgoing.sent_at and outgoing.state == Outgoing.State.SENT:
        label = _("Sent %(time)s") % {"time": moments.clock_time(outgoing.sent_at)}
    if outgoing.problem:
        label = f"{label}: {outgoing.problem}"
    return {"fate": outgoing.state, "fate_label": label, "fate_icon": FATES[outgoing.state]}


def _in_order(attachments: Iterable[Attachment]) -> list[Attachment]:
    return sorted(attachments, key=lambda attachment: attachment.pk)


def _attachment(attachment: Attachment, case: Case) -> dict[str, Any]:
    is_ready = attachment.state == Attachment.State.CLEAN and not case.lob.seals_attachments
    return {
        "name": attachment.name,
        "size": attachment.size,
        "kind_icon": "image" if attachment.content_type.startswith("image/") else "file",
        "state": "READY" if is_ready else attachment.state,
        "state_label": attachment.note or Attachment.State(attachment.state).label,
        "url": reverse("attachment", args=[attachment.pk]) if is_ready else "",
    }


def undo_of(
    messages: list[Message], case: Case, reader: StaffMember, *, now: datetime, seconds: int
) -> dict[str, Any] | None:
    """Return the reply of this reader that can still be taken back, if there is one."""
    for message in reversed(messages):
        outgoing: Outgoing | None = getattr(message, "outgoing", None)
        if outgoing and message.author_id == reader.pk and _may_be_undone(outgoing, case, now):
            return {
                "url": reverse("case-take-back", args=[case.reference, message.pk]),
                "until": outgoing.send_after,
                "seconds": seconds,
            }
    return None


def _may_be_undone(outgoing: Outgoing, case: Case, now: datetime) -> bool:
    is_waiting = outgoing.state == Outgoing.State.QUEUED and outgoing.send_after > now
    return is_waiting and outgoing.kind == Outgoing.Kind.REPLY and outgoing.case_id == case.pk
