"""Messages as they were sent, and attachments: shown so that nothing in them can act."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.csp import CSP, build_policy
from django.views.decorators.http import require_GET

from caseward.casework import access
from caseward.casework.models import Attachment, Case, Message, MessageOriginal
from caseward.casework.services import presence
from caseward.channels.attachments import path_of
from caseward.channels.email.masking_html import masked_html
from caseward.channels.email.sanitizing import safe_html
from caseward.channels.models import RawMail
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.wellbeing.models import Modality

WITHOUT_IMAGES: dict[str, Any] = settings.SECURE_CSP


def _message(message_id: int, reader: StaffMember) -> Message:
    message = get_object_or_404(Message.objects.select_related("case__lob"), pk=message_id)
    access.case_to_read(reference=message.case.reference, by=reader)
    return message


@login_required
@require_GET
def html(request: SignedInRequest, message_id: int) -> HttpResponse:
    """Show the HTML of a mail, sanitized; remote images only on request, contact details masked
    for a vendor's staff."""
    message = _message(message_id, request.user)
    # A vendor's staff may not query originals: Caseward reads this one for them and masks it.
    with acting(Actor.system("originals")):
        original = get_object_or_404(MessageOriginal, pk=message.pk).html
    loads_images = "images" in request.GET and request.user.vendor_id is None
    safe = safe_html(original, cid_urls=_inline(message), load_images=loads_images)
    body = masked_html(safe.html) if request.user.vendor_id else safe.html
    context = {
        "case": message.case,
        "message": message,
        "body": body,
        "blocked": safe.blocked_images,
        "can_load": request.user.vendor_id is None,
    }
    response = render(request, "casework/message_html.html", context)
    if loads_images:
        images = {"img-src": [CSP.SELF, "data:", "https:"]}
        response[CSP.HEADER_ENFORCE] = build_policy({**WITHOUT_IMAGES, **images})
    return response


def _inline(message: Message) -> dict[str, str]:
    shown = message.attachments.filter(state=Attachment.State.CLEAN).exclude(content_id="")
    if message.case.lob.seals_attachments:
        return {}
    return {a.content_id.strip("<>"): reverse("attachment", args=[a.pk]) for a in shown}


@login_required
@require_GET
def raw(request: SignedInRequest, message_id: int) -> HttpResponse:
    """Give in-house staff the bytes exactly as they arrived."""
    message = _message(message_id, request.user)
    if request.user.vendor_id:
        raise access.CaseNotVisible(message.case.reference)
    mail = get_object_or_404(RawMail, message=message)
    response = HttpResponse(bytes(mail.content), content_type="message/rfc822")
    response["Content-Disposition"] = f'attachment; filename="{message.case.reference}.eml"'
    return response


@login_required
@require_GET
def attachment(request: SignedInRequest, attachment_id: int) -> FileResponse:
    """Give out a checked file: pictures are shown, everything else is saved."""
    found = get_object_or_404(
        Attachment.objects.select_related("message__case__lob"), pk=attachment_id
    )
    case: Case = found.message.case
    access.case_to_read(reference=case.reference, by=request.user)
    path = path_of(found.sha256)
    if found.state != Attachment.State.CLEAN or case.lob.seals_attachments or not path.exists():
        raise Http404
    presence.shown(
        case=case, staff=request.user, now=timezone.now(), modality=_modality(found.content_type)
    )
    is_picture = found.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
    response = FileResponse(
        path.open("rb"),
        as_attachment=not is_picture,
        filename=found.name,
        content_type=found.content_type if is_picture else "application/octet-stream",
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _modality(content_type: str) -> Modality:
    """Return what somebody meets when they open a file: it counts from then on."""
    kinds = {"image": Modality.PICTURE, "video": Modality.VIDEO, "audio": Modality.VOICE}
    return kinds.get(content_type.partition("/")[0], Modality.TEXT)
