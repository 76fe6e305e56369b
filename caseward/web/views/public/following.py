"""The status page: where a requester sees how their case stands, answers and adds files."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caseward.casework.models import Attachment, Case
from caseward.channels import attachments, forms, links
from caseward.channels.forms import Followed, Taken
from caseward.channels.forms.answering import LONGEST_TEXT, TOO_LONG
from caseward.org.acting import Actor, acting
from caseward.web.views.public import words
from caseward.web.views.public.languages import in_readers_language, speaking
from caseward.web.views.public.pages import notice, page, platform, upload_limits
from caseward.web.views.public.standing import next_words, said, steps
from caseward.web.views.public.visitors import address_hash, refuses_huge_posts

SYSTEM = Actor.system("status page")
NOTHING_TAKEN = Taken((), ())


@dataclass(frozen=True, slots=True)
class Draft:
    """What the requester is writing, what is wrong with it, and the status that answers it."""

    text: str = ""
    taken: Taken = NOTHING_TAKEN
    problem: str = ""
    status: int = 200


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_huge_posts
@in_readers_language
def status(request: HttpRequest, token: str) -> HttpResponse:
    """Show a case to its requester, and take what they add."""
    try:
        with acting(SYSTEM):
            case = Case.objects.get(pk=links.case_of_status_token(token))
            joint = forms.joint_case_of(case)
    except links.LinkBroken:
        return words.broken_link(request)
    except links.LinkExpired:
        return words.expired_link(request, post_to=reverse("status-link", args=[token]))
    if joint and request.method != "POST":
        return redirect("status", links.status_token(joint))
    with speaking(request, case.language):
        return _answer(request, token, case.pk, timezone.now())


def _answer(request: HttpRequest, token: str, case_id: int, now: datetime) -> HttpResponse:
    draft = Draft()
    if request.method == "POST":
        with acting(SYSTEM):
            draft = _receive(request, case_id, now)
        if not draft.problem:
            messages.success(request, _("Your message has arrived."))
            return redirect("status", token)
    with acting(Actor.requester(case_id)):
        followed = forms.follow(case_id, now=now)
    return _status_page(request, token, followed, draft, now)


def _receive(request: HttpRequest, case_id: int, now: datetime) -> Draft:
    """Add what was written to the case; return it with the problem when that cannot be done."""
    text = request.POST.get("text", "").replace("\x00", "").replace("\r\n", "\n").strip()
    try:
        return _add(request, case_id, text, now)
    except forms.TicketInvalid:
        return Draft(text, problem=words.open_too_long(), status=422)
    except forms.TooMany as too_many:
        return Draft(text, problem=words.sent_too_often(request, too_many.until), status=429)


def _add(request: HttpRequest, case_id: int, text: str, now: datetime) -> Draft:
    sender = address_hash(request)
    ticket = forms.read_ticket(request.POST.get("form_ticket", ""), purpose=str(case_id))
    taken = _files(request, case_id, now)
    if problem := _problem(text, taken):
        if request.FILES:
            forms.note_attempt(address_hash=sender, now=now)
        return Draft(text, taken, problem, 422)
    forms.add_message(
        case_id=case_id,
        text=text or _("I have added files."),
        ticket=ticket,
        files=taken.files,
        address_hash=sender,
        now=now,
    )
    return Draft()


def _files(request: HttpRequest, case_id: int, now: datetime) -> Taken:
    if Case.objects.select_related("lob").get(pk=case_id).lob.seals_attachments:
        return NOTHING_TAKEN
    uploads = request.FILES.getlist("new_files")
    if uploads:
        forms.refuse_if_too_many(address_hash=address_hash(request), now=now)
    return forms.take_files(uploads, kept=request.POST.getlist("kept_file"))


def _problem(text: str, taken: Taken) -> str:
    if taken.problems:
        return " ".join(taken.problems)
    if not text and not taken.files:
        return _("Write what you want to tell us, or add a file.")
    if len(text) > LONGEST_TEXT:
        return TOO_LONG % {"limit_value": LONGEST_TEXT, "show_value": len(text)}
    return ""


def _status_page(
    request: HttpRequest, token: str, followed: Followed, draft: Draft, now: datetime
) -> HttpResponse:
    case, us = followed.case, _("%(platform)s support") % {"platform": platform()}
    context = {
        "case": case,
        "steps": steps(followed),
        "messages_shown": [said(message, case, token, us) for message in followed.messages],
        "next_words": next_words(followed, now=now),
        "survey_url": reverse("survey", args=[links.survey_token(case.reference)])
        if followed.is_survey_asked
        else "",
        "draft": draft,
        "ticket": forms.new_ticket(str(case.pk)),
        "offers_upload": not case.lob.seals_attachments,
        "kept_files": [(forms.token_of(file), file) for file in draft.taken.files],
        **upload_limits(),
    }
    return page(request, "public/status.html", context, status=draft.status)


@require_POST
@in_readers_language
def new_link(request: HttpRequest, token: str) -> HttpResponse:
    """Send a new link for an old one. What is said is the same whether it could be sent or not."""
    with acting(SYSTEM):
        try:
            forms.send_link_again(links.case_of_old_status_token(token), now=timezone.now())
        except links.LinkBroken:
            return words.broken_link(request)
    return notice(
        request,
        heading=_("A new link is on its way"),
        words=_("Look into your mailbox in a few minutes, and into the folder for unwanted mail."),
    )


@require_safe
def file(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """Hand out a checked file of the case, to be saved and never shown inside our pages."""
    try:
        with acting(SYSTEM):
            case_id = links.case_of_status_token(token)
    except (links.LinkBroken, links.LinkExpired):
        raise Http404 from None
    clean = Attachment.objects.filter(
        message__case_id=case_id,
        message__case__lob__seals_attachments=False,
        state=Attachment.State.CLEAN,
    )
    with acting(Actor.requester(case_id)):
        found = clean.filter(pk=number).first()
    if found is None:
        raise Http404
    return FileResponse(
        attachments.path_of(found.sha256).open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type=found.content_type,
        headers={"Cache-Control": "no-store"},
    )
