"""The contact forms, and what is said once a message has arrived."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from caseward.channels import forms, links
from caseward.channels.forms import AnswerForm, Definition, Taken
from caseward.channels.forms.definition import said_in
from caseward.channels.forms.submitting import OTHERS_READ_MAIL
from caseward.core.masking import Kind, mask
from caseward.org.acting import Actor, acting
from caseward.web.languages import data_language
from caseward.web.views.public import words
from caseward.web.views.public.languages import (
    changes_language,
    guessed_country,
    in_readers_language,
)
from caseward.web.views.public.pages import page, upload_limits
from caseward.web.views.public.standing import next_words
from caseward.web.views.public.visitors import address_hash, refuses_huge_posts

TRAP = "your_website"  # people do not see this field; programs that fill in everything do
ICONS = {
    "account-security": "user-check",
    "age-support": "calendar-days",
    "minor-safety": "users",
    "platform-integrity": "shield",
}
NOTHING_TAKEN = Taken((), ())


@dataclass(frozen=True, slots=True)
class Post:
    """A form as it came in: its answers, its files, and what is wrong beyond the answers."""

    form: AnswerForm
    taken: Taken
    problems: tuple[str, ...]
    ticket: UUID | None

    @property
    def is_good(self) -> bool:
        return self.form.is_valid() and not self.problems and not self.taken.problems


@require_safe
@in_readers_language
def topics(request: HttpRequest) -> HttpResponse:
    with acting(Actor.system("web form")):
        offered = forms.open_forms().values()
    language = data_language()
    return page(
        request,
        "public/topics.html",
        {
            "topics": [
                {
                    "url": reverse("help-form", args=[one.lob_key]),
                    "icon": ICONS.get(one.lob_key, "message-square-text"),
                    "name": said_in(one.names, language),
                    "about": said_in(one.descriptions, language),
                }
                for one in offered
            ]
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@refuses_huge_posts
@in_readers_language
def form(request: HttpRequest, lob: str) -> HttpResponse:
    now = timezone.now()
    with acting(Actor.system("web form")):
        definition = forms.open_forms().get(lob)
        if definition is None:
            raise Http404(lob)
        if request.method == "POST":
            return _answer(request, definition, now)
        empty = AnswerForm(definition, language=data_language(), today=now.date())
        return _form_page(request, definition, empty, NOTHING_TAKEN)


def _answer(request: HttpRequest, definition: Definition, now: datetime) -> HttpResponse:
    try:
        post = _read(request, definition, now)
        if changes_language(request):
            return _in_other_language(request, definition, post.taken, now)
        return _send(request, definition, post, now)
    except forms.TooMany as too_many:
        return _too_many(request, definition, too_many.until, now)


def _read(request: HttpRequest, definition: Definition, now: datetime) -> Post:
    """Read a post; files are stored already, so that correcting an answer does not lose them."""
    uploads = request.FILES.getlist("new_files") if definition.offers_upload else []
    if uploads:
        forms.refuse_if_too_many(address_hash=address_hash(request), now=now)
    answers = AnswerForm(definition, language=data_language(), today=now.date(), data=request.POST)
    taken = forms.take_files(
        uploads,
        kept=request.POST.getlist("kept_file"),
        stays_sealed=definition.seals_attachments,
    )
    ticket, problems = _ticket(request, definition)
    post = Post(answers, taken, problems, ticket)
    if uploads and not post.is_good:
        forms.note_attempt(address_hash=address_hash(request), now=now)
    return post


def _ticket(request: HttpRequest, definition: Definition) -> tuple[UUID | None, tuple[str, ...]]:
    problems = [] if not request.POST.get(TRAP) else [words.trapped()]
    try:
        token = request.POST.get("form_ticket", "")
        return forms.read_ticket(token, purpose=definition.lob_key), tuple(problems)
    except forms.TicketInvalid:
        return None, (*problems, words.open_too_long())


def _in_other_language(
    request: HttpRequest, definition: Definition, taken: Taken, now: datetime
) -> HttpResponse:
    """Show the form again with all that was typed, and nothing called wrong yet."""
    typed = {key: request.POST.get(key, "") for key in request.POST}
    form = AnswerForm(definition, language=data_language(), today=now.date(), initial=typed)
    return _form_page(request, definition, form, Taken(taken.files, ()))


def _send(request: HttpRequest, definition: Definition, post: Post, now: datetime) -> HttpResponse:
    if not post.is_good or post.ticket is None:
        return _form_page(
            request, definition, post.form, post.taken, problems=post.problems, status=422
        )
    new = forms.new_case_from(
        definition,
        post.form.cleaned_data,
        language=data_language(),
        country=guessed_country(request),
    )
    done = forms.submit(
        new,
        ticket=post.ticket,
        files=post.taken.files,
        address_hash=address_hash(request),
        now=now,
    )
    said = {"secret": Kind.SECRET in mask(new.text).kinds, "again": done.is_again}
    return _to_confirmation(done.reference, [name for name, is_so in said.items() if is_so])


def _to_confirmation(reference: str, said: list[str]) -> HttpResponseRedirect:
    address = reverse("help-sent", args=[links.status_token(reference)])
    query = urlencode(dict.fromkeys(said, "1"))
    return HttpResponseRedirect(f"{address}?{query}" if query else address)


def _too_many(
    request: HttpRequest, definition: Definition, until: datetime, now: datetime
) -> HttpResponse:
    """Say when it can be sent again; the text stays, so that nobody has to write it twice."""
    answers = AnswerForm(definition, language=data_language(), today=now.date(), data=request.POST)
    kept = forms.take_files([], kept=request.POST.getlist("kept_file"))
    problems = (words.sent_too_often(request, until),)
    return _form_page(request, definition, answers, kept, problems=problems, status=429)


def _form_page(
    request: HttpRequest,
    definition: Definition,
    form: AnswerForm,
    taken: Taken,
    *,
    problems: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    language = data_language()
    context = {
        "form": form,
        "heading": said_in(definition.titles, language) or said_in(definition.names, language),
        "lead": said_in(definition.introductions, language)
        or said_in(definition.descriptions, language),
        "shown_in": get_language(),
        "trap": TRAP,
        "ticket": forms.new_ticket(definition.lob_key),
        "problems": problems,
        "offers_upload": definition.offers_upload,
        "file_problems": taken.problems,
        "kept_files": [(forms.token_of(file), file) for file in taken.files],
        **upload_limits(),
    }
    return page(request, "public/form.html", context, status=status)


@require_safe
@in_readers_language
def sent(request: HttpRequest, token: str) -> HttpResponse:
    """Confirm a sent form, as often as the page is opened."""
    now = timezone.now()
    try:
        with acting(Actor.system("status page")):
            case_id = links.case_of_status_token(token)
    except links.LinkBroken:
        return words.broken_link(request)
    except links.LinkExpired:
        return redirect("status", token)
    with acting(Actor.requester(case_id)):
        followed = forms.follow(case_id, now=now)
    context = {
        "reference": followed.case.reference,
        "status_url": reverse("status", args=[token]),
        "promise_words": next_words(followed, now=now),
        "hides_secret": "secret" in request.GET,
        "is_again": "again" in request.GET,
        "is_mail_sent": OTHERS_READ_MAIL not in followed.case.tags,
    }
    return page(request, "public/sent.html", context)
