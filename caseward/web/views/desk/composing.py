"""Writing: replies, notes, drafts, the preview, and taking a reply back."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from caseward.casework import access, services
from caseward.casework.models import Case, Message
from caseward.casework.services import drafting
from caseward.casework.services.assigning import CannotTakeIt
from caseward.casework.services.macros import NoSuchEnding, reply_with_macros
from caseward.casework.services.playbook import StepsMissing
from caseward.casework.services.silence import MustKeepSilent
from caseward.channels import attachments
from caseward.channels.email.writing import preview_reply
from caseward.policy.macros import CRISIS, filled, unfilled
from caseward.policy.models import Disposition
from caseward.routing.services import NowhereToWait
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import case_page
from caseward.web.views.desk.acts import seen_by
from caseward.web.views.desk.chosen_macros import CannotBeUsed, chosen, shown_again
from caseward.web.views.desk.escalation_refusals import REFUSALS
from caseward.web.views.desk.going_on import go, page_after
from caseward.web.views.desk.refusals import explained
from caseward.web.views.desk.showing.macros import problem_with_help, values_for
from caseward.web.views.desk.typed import typed, typed_each
from caseward.web.views.desk.whence import page_of_case
from caseward.web.views.lead.words import whole

MOST_TEMPLATES = 10
LONGEST_TEXT = 20_000


class NotReady(Exception):
    """What was written cannot be sent like this; the message says why."""


REFUSED: tuple[type[Exception], ...] = (
    NotReady,
    CannotBeUsed,
    CannotTakeIt,
    MustKeepSilent,
    NoSuchEnding,
    NowhereToWait,
    StepsMissing,
    access.NotYoursToChange,
    access.ChangedMeanwhile,
    services.AlreadyResolved,
    services.NothingToSay,
    *REFUSALS,
)


@login_required
@require_POST
def write(request: SignedInRequest, reference: str) -> HttpResponse:
    """Send a reply or add a note, then show the case as it is."""
    case = case_page.case_of(reference, request.user)
    then, is_note = request.POST.get("then", "STAY"), _is_note(request)
    try:
        with transaction.atomic():
            files = _files(request, case)
            message = _note(request, case) if is_note else _reply(request, case, then)
            attachments.attach(message.pk, files)
    except REFUSED as refusal:
        return _refused(request, case, refusal)
    onward = "" if is_note else page_after(request, timezone.now())
    return _leave(request, message, onward) if onward else _written(request, reference)


def _is_note(request: SignedInRequest) -> bool:
    return "NOTE" in (request.POST.get("then"), request.POST.get("kind"))


def _leave(request: SignedInRequest, message: Message, onward: str) -> HttpResponse:
    """Go on to another page, where the reply can still be taken back."""
    reference = message.case.reference
    toasts.say(
        request,
        _("Your reply to %(reference)s leaves in a moment.") % {"reference": reference},
        undo_url=reverse("case-take-back", args=[reference, message.pk]),
        undo_until=message.at + timedelta(seconds=settings.UNDO_SECONDS),
    )
    return go(request, onward)


def _reply(request: SignedInRequest, case: Case, then: str) -> Message:
    now = timezone.now()
    today = timezone.localdate(now)
    text = filled(_text(request), values_for(case, request.user, today))
    _refuse_unfilled(case, unfilled(text), today)
    return reply_with_macros(
        reference=case.reference,
        by=request.user,
        text=text,
        now=now,
        undo=timedelta(seconds=settings.UNDO_SECONDS),
        seen=seen_by(request),
        is_pending=then == "PENDING",
        disposition=_disposition(request, case) if then == "RESOLVE" else None,
        macros=chosen(request, case, request.user, today),
    )


def _text(request: SignedInRequest) -> str:
    text = typed(request, "text")
    if len(text) > LONGEST_TEXT:
        counts = {"most": whole(LONGEST_TEXT), "count": whole(len(text))}
        raise NotReady(
            _(
                "This has %(count)s characters, and %(most)s is the most. Shorten it, or attach it"
                " as a file. Nothing was sent, and your text is kept."
            )
            % counts
        )
    return text


def _refuse_unfilled(case: Case, left: list[str], today: date) -> None:
    help_wanted = [word.removeprefix(CRISIS) for word in left if word.startswith(CRISIS)]
    if help_wanted:
        raise NotReady(problem_with_help(case, help_wanted, today))
    if left:
        raise NotReady(
            _("Fill in %(words)s before you send this.")
            % {"words": ", ".join(f"{{{word}}}" for word in left)}
        )


def _note(request: SignedInRequest, case: Case) -> Message:
    return services.add_note(
        reference=case.reference,
        by=request.user,
        text=_text(request),
        now=timezone.now(),
        in_house_only=bool(request.POST.get("in_house_only")),
        templates=typed_each(request, "note_templates", at_most=MOST_TEMPLATES),
    )


def _disposition(request: SignedInRequest, case: Case) -> Disposition:
    chosen = typed(request, "disposition")
    found = Disposition.objects.filter(lob_id=case.lob_id, is_active=True, key=chosen).first()
    if found is None:
        raise NotReady(_("Choose how the case ended, then send and resolve."))
    return found


def _files(request: SignedInRequest, case: Case) -> list[attachments.KeptFile]:
    uploads = request.FILES.getlist("attachments")
    if len(uploads) > settings.UPLOAD_COUNT_LIMIT:
        raise NotReady(
            ngettext(
                "Attach at most %(count)d file.",
                "Attach at most %(count)d files.",
                settings.UPLOAD_COUNT_LIMIT,
            )
            % {"count": settings.UPLOAD_COUNT_LIMIT}
        )
    return [_kept(upload) for upload in uploads]


def _kept(upload: "UploadedFile[Any]") -> attachments.KeptFile:
    name = upload.name or "file"
    if (upload.size or 0) > settings.UPLOAD_SIZE_LIMIT:
        raise NotReady(
            _("%(name)s is too large: at most %(limit)s MB can be sent.")
            % {"name": name, "limit": settings.UPLOAD_SIZE_LIMIT // 1_000_000}
        )
    kept = attachments.keep(upload.read(), name=name, declared_type=upload.content_type or "")
    if kept.state == "REFUSED":
        raise NotReady(_("%(name)s cannot be sent: %(why)s") % {"name": name, "why": kept.note})
    return kept


def _refused(request: SignedInRequest, case: Case, refusal: Exception) -> HttpResponse:
    """Keep the text and say why; the page shows what is new beside it."""
    text, is_note = typed(request, "text"), _is_note(request)
    drafting.keep_draft(
        case=case, staff=request.user, text=text, now=timezone.now(), is_note=is_note
    )
    said_already = isinstance(refusal, NotReady | CannotBeUsed)
    words = str(refusal) if said_already else explained(refusal)
    context = _context(request, case.reference)
    is_conflict = isinstance(refusal, access.ChangedMeanwhile | access.NotYoursToChange)
    context |= {"conflict": words} if is_conflict else {"form_errors": [words]}
    context |= {
        "draft": {"text": text, "is_note": is_note},
        "chosen_macros": shown_again(request, case),
    }
    if not request.headers.get("HX-Request"):
        return render(request, "casework/case.html", context, status=409)
    return render(request, "casework/composer_and_changes.html", {**context, "swapped": True})


def _written(request: SignedInRequest, reference: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(page_of_case(request, reference))
    context = _context(request, reference)
    return render(request, "casework/composer_and_changes.html", {**context, "swapped": True})


def _context(request: SignedInRequest, reference: str) -> dict[str, Any]:
    case = case_page.case_of(reference, request.user)
    return case_page.page(request, case, request.user, timezone.now())


@login_required
@require_POST
def keep_draft(request: SignedInRequest, reference: str) -> HttpResponse:
    case = case_page.case_of(reference, request.user)
    drafting.keep_draft(
        case=case,
        staff=request.user,
        text=typed(request, "text")[:100_000],
        now=timezone.now(),
        is_note=_is_note(request),
    )
    return HttpResponse(status=204)


@login_required
@require_POST
def preview(request: SignedInRequest, reference: str) -> HttpResponse:
    """Show the reply as it will be sent."""
    case = case_page.case_of(reference, request.user)
    text = filled(typed(request, "text"), values_for(case, request.user, timezone.localdate()))
    context = {
        "letter": preview_reply(case, text=text),
        "language": case.language,
    }
    return render(request, "casework/_preview.html", context)


@login_required
@require_POST
def take_back(request: SignedInRequest, reference: str, message_id: int) -> HttpResponse:
    try:
        services.take_back_reply(message_id=message_id, by=request.user, now=timezone.now())
    except services.TooLate as refusal:
        if not request.headers.get("HX-Request"):
            messages.warning(request, explained(refusal))
        else:
            context = _context(request, reference) | {"form_errors": [explained(refusal)]}
            return render(
                request, "casework/composer_and_changes.html", {**context, "swapped": True}
            )
    return _written(request, reference)
