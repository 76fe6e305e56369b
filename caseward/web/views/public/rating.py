"""The survey. Opening its address records nothing: mail scanners open every link they see."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caseward.channels import links
from caseward.org.acting import Actor, acting
from caseward.quality import queries, services
from caseward.quality.models import Survey
from caseward.web.views.public import words
from caseward.web.views.public.languages import in_readers_language, speaking
from caseward.web.views.public.pages import notice, page

SYSTEM = Actor.system("survey")


@require_http_methods(["GET", "HEAD", "POST"])
@in_readers_language
def survey(request: HttpRequest, token: str) -> HttpResponse:
    """Show the five ratings with the one from the e-mail chosen; record what is sent."""
    with acting(SYSTEM):
        try:
            found = queries.survey_of(links.case_of_survey_token(token))
        except links.LinkBroken:
            return words.broken_link(request)
        except links.LinkExpired:
            return _too_old(request)
        if found is None:
            return words.broken_link(request)
        with speaking(request, found.case.language):
            return _answer(request, token, found)


def _answer(request: HttpRequest, token: str, found: Survey) -> HttpResponse:
    now = timezone.now()
    if not services.is_changeable(found, now=now):
        return _thanks(request)
    if request.method != "POST":
        chosen = _rating(request.GET.get("rating", "")) or found.rating
        return _survey_page(request, found, chosen, found.comment)
    comment = request.POST.get("comment", "")
    rating = _rating(request.POST.get("rating", ""))
    if rating is None:
        return _survey_page(request, found, None, comment, is_missing=True)
    services.answer_survey(case_id=found.case_id, rating=rating, comment=comment, now=now)
    messages.success(request, _("Thank you. Your answer is recorded."))
    return redirect("survey", token)


def _rating(given: str) -> int | None:
    return int(given) if given in {"1", "2", "3", "4", "5"} else None


def _survey_page(
    request: HttpRequest,
    found: Survey,
    chosen: int | None,
    comment: str,
    *,
    is_missing: bool = False,
) -> HttpResponse:
    labels = [_("Very poor"), _("Poor"), _("Neither good nor poor"), _("Good"), _("Very good")]
    context = {
        "case": found.case,
        "scale": list(enumerate(labels, start=1)),
        "chosen": chosen,
        "comment": comment,
        "longest": services.LONGEST_COMMENT,
        "is_missing": is_missing,
        "is_answered": found.answered_at is not None,
    }
    return page(request, "public/survey.html", context, status=422 if is_missing else 200)


def _thanks(request: HttpRequest) -> HttpResponse:
    return notice(
        request,
        heading=_("Thank you for your answer"),
        words=_("It was given more than seven days ago and can no longer be changed."),
    )


def _too_old(request: HttpRequest) -> HttpResponse:
    return notice(
        request,
        heading=_("This link is too old"),
        words=_("The time to rate this answer is over. If you need us again, write to us."),
        status=410,
        link=reverse("help"),
        button=_("Write to us"),
    )
