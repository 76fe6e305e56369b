"""Moves on the floor: each a dialog, and a page where there is no script."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from caseward.casework.floor.people import moves_on_the_floor
from caseward.casework.models import FloorMove
from caseward.web import toasts
from caseward.web.middleware import SignedInRequest
from caseward.web.views.floor import choice, moves, shared
from caseward.web.views.floor.refusals import REFUSALS, explained

Answers = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A move before it is made: what it asks, and what it does with the answers."""

    id: str
    title: str
    submit: str
    form: Callable[[Any], Form]
    do: Callable[[Answers], FloorMove]
    lead: str = ""
    seen: int | None = None
    explain: Callable[[Exception], str] = explained
    is_possible: bool = True  # else `lead` says why not, and nothing can be sent


def asks(make: Callable[..., Question]) -> Callable[..., HttpResponse]:
    """Make a view of what returns a question: it asks, or does what was answered and goes back."""

    @login_required
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request: SignedInRequest, **parts: Any) -> HttpResponse:
        choice.widest(request.user)
        if not moves_on_the_floor(request.user):
            raise Http404("for those who lead the work")
        return _answered(request, make(request, **parts))

    return view


def _answered(request: SignedInRequest, question: Question) -> HttpResponse:
    is_sent = request.method == "POST" and question.is_possible
    form = question.form(request.POST if is_sent else None)
    if is_sent and form.is_valid():
        problem = _done(request, question, form.cleaned_data)
        if problem is None:
            return redirect(f"{reverse('floor')}?{request.POST.get('back', '')}")
        form.add_error(None, problem)
    act = {
        "id": question.id,
        "title": question.title,
        "url": request.get_full_path(),
        "form": form,
        "lead": question.lead,
        "submit": question.submit if question.is_possible else "",
        "seen": question.seen,
        "back": request.POST.get("back", _back(request)),
    }
    is_for_a_dialog = request.method == "GET" and request.headers.get("HX-Request")
    template = "floor/_dialog.html" if is_for_a_dialog else "floor/move.html"
    return render(request, template, {"act": act}, status=422 if form.errors else 200)


def _done(request: SignedInRequest, question: Question, said: Answers) -> str | None:
    """Make the move; return the sentence that says why not, or None when it is made."""
    try:
        move = question.do(said)
    except REFUSALS as refusal:
        return question.explain(refusal)
    shared.forget_pictures()
    undo = "" if move.undone_at else reverse("floor-undo", args=[move.pk])
    toasts.say(request, moves.kept_words(move) or moves.words_of(move), undo_url=undo)
    return None


def _back(request: HttpRequest) -> str:
    """Return which part of the floor the reader came from."""
    came_from = urlsplit(request.headers.get("Referer", ""))
    return came_from.query if came_from.path == reverse("floor") else ""


def seen_by(request: HttpRequest) -> int | None:
    """Return the number of the last event the page showed, where it says so."""
    said = request.POST.get("seen") or request.GET.get("seen") or ""
    return int(said) if said.isdecimal() and len(said) < 10 else None
