"""The mail viewer: what was sent, for in-house staff.

While nothing leaves the machine it stands in for everybody's mailbox and shows mail byte for byte.
Where mail really leaves (`SMTP_URL`), addresses are masked and requesters' own links hidden: with
them staff could rate their own answers, and see an address without saying why.
"""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from caseward.casework.access import lobs_of
from caseward.channels.email.headers import read as read_headers
from caseward.channels.email.headers import readable
from caseward.channels.email.mail import ParsedMail
from caseward.channels.email.masking_html import masked_html
from caseward.channels.email.parsing import parse
from caseward.channels.email.sanitizing import safe_html
from caseward.channels.models import SentMail
from caseward.core.masking import mask, mask_email
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.desk.typed import number_in

AT_ONCE = 50
WAYS = ("html", "text", "raw")
SHOWN_HEADERS = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To")
KIND_ICONS = {"REPLY": "reply", "ACKNOWLEDGEMENT": "check-check", "SURVEY": "star"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One mail in the list."""

    url: str
    recipient: str
    subject: str
    kind: str
    kind_icon: str
    reference: str
    fate: str
    at: str
    moment: datetime


@login_required
@require_GET
def sent_mails(request: SignedInRequest) -> HttpResponse:
    """List what was sent, newest first."""
    before = number_in(request.GET.get("before", ""))
    mails = _visible(request.user).order_by("-pk")
    if before is not None:
        mails = mails.filter(pk__lt=before)
    found = list(mails[: AT_ONCE + 1])
    context = {
        "rows": [_row(mail, timezone.now()) for mail in found[:AT_ONCE]],
        "first_url": reverse("sent-mails") if before else "",
        "next_url": _next_url(found),
    }
    return render(request, "channels/sent_mails.html", context)


@login_required
@require_GET
def sent_mail(request: SignedInRequest, mail_id: int) -> HttpResponse:
    """Show one mail: as its reader sees it, as plain text, or as it went over the wire."""
    mail = _one(request.user, mail_id)
    chosen = request.GET.get("as", WAYS[0])
    way = chosen if chosen in _ways() else WAYS[0]
    parsed = parse(bytes(mail.content)) if mail.content else None
    context = {
        "row": _row(mail, timezone.now()),
        "headers": _headers(mail),
        "way": way,
        "tabs": _tabs(mail, way),
        "via": mail.via,
        "files": [file.name for file in parsed.attachments] if parsed else [],
        "body": _body(mail, parsed, way),
        "problem": mail.outgoing.problem,
        "raw_url": "" if _leaves() else reverse("sent-mail-raw", args=[mail.pk]),
    }
    return render(request, "channels/sent_mail.html", context)


@login_required
@require_GET
def sent_mail_raw(request: SignedInRequest, mail_id: int) -> HttpResponse:
    """Give the bytes as a file that mail programs open."""
    if _leaves():
        raise Http404
    mail = _one(request.user, mail_id)
    response = HttpResponse(bytes(mail.content), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="sent-{mail.pk}.eml"'
    return response


def _leaves() -> bool:
    """Say whether mail really goes to people."""
    return bool(settings.SMTP_URL)


def _ways() -> tuple[str, ...]:
    return tuple(way for way in WAYS if way != "raw" or not _leaves())


def _visible(reader: StaffMember) -> QuerySet[SentMail]:
    """Return mail on cases somebody may see; a vendor's staff see none, as it shows addresses."""
    if reader.vendor_id:
        raise Http404
    mails = SentMail.objects.select_related("outgoing__case")
    return mails.filter(outgoing__case__lob_id__in=lobs_of(reader))


def _one(reader: StaffMember, mail_id: int) -> SentMail:
    return get_object_or_404(_visible(reader), pk=mail_id)


def _row(mail: SentMail, now: datetime) -> Row:
    subject = readable(read_headers(bytes(mail.content)).raw("Subject"))
    return Row(
        url=reverse("sent-mail", args=[mail.pk]),
        recipient=mask_email(mail.recipient) if _leaves() else mail.recipient,
        subject=subject or mail.outgoing.case.title,
        kind=mail.outgoing.get_kind_display(),
        kind_icon=KIND_ICONS[mail.outgoing.kind],
        reference=mail.outgoing.case.reference,
        fate=mail.outgoing.state,
        at=moment(mail.sent_at, now=now),
        moment=mail.sent_at,
    )


def _headers(mail: SentMail) -> list[tuple[str, str]]:
    headers = read_headers(bytes(mail.content))
    found = [(name, headers.text(name)) for name in SHOWN_HEADERS if name in headers]
    return [(name, mask(text).text) for name, text in found] if _leaves() else found


def _body(mail: SentMail, parsed: ParsedMail | None, way: str) -> str:
    if parsed is None:
        return ""
    if way == "raw":
        return bytes(mail.content).decode("utf-8", "replace")
    if way == "html":
        safe = safe_html(parsed.html).html
        return masked_html(safe) if _leaves() else safe
    return mask(parsed.text).text if _leaves() else parsed.text


def _tabs(mail: SentMail, way: str) -> list[dict[str, object]]:
    labels = {"html": _("As it looks"), "text": _("Text"), "raw": _("Raw")}
    address = reverse("sent-mail", args=[mail.pk])
    return [
        {"label": labels[one], "url": f"{address}?as={one}", "is_current": one == way}
        for one in _ways()
    ]


def _next_url(found: list[SentMail]) -> str:
    if len(found) <= AT_ONCE:
        return ""
    return f"{reverse('sent-mails')}?{urlencode({'before': found[AT_ONCE - 1].pk})}"
