"""No more surveys: a page with one button, and the button a mail program shows (RFC 8058)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from caseward.casework.models import Case
from caseward.channels import links
from caseward.org.acting import Actor, acting
from caseward.quality.declining import stop_surveys
from caseward.web.views.public import words
from caseward.web.views.public.languages import in_readers_language, speaking
from caseward.web.views.public.pages import notice

SYSTEM = Actor.system("survey")


@csrf_exempt  # a mail program posts without our cookie; the signed link says who asks
@require_http_methods(["GET", "HEAD", "POST"])
@in_readers_language
def no_surveys(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to stop, changing nothing; stop when it is posted."""
    with acting(SYSTEM):
        try:
            case = Case.objects.get(pk=links.case_of_no_surveys_token(token))
        except links.LinkBroken:
            return words.broken_link(request)
        if request.method == "POST":
            stop_surveys(case_id=case.pk, now=timezone.now())
    with speaking(request, case.language):
        return _stopped(request) if request.method == "POST" else _question(request)


def _question(request: HttpRequest) -> HttpResponse:
    return notice(
        request,
        heading=_("Shall we stop asking you?"),
        words=_("We will no longer ask you by e-mail how our help was. Our answers still come."),
        post_to=request.path,
        button=_("Stop asking me"),
    )


def _stopped(request: HttpRequest) -> HttpResponse:
    return notice(
        request,
        heading=_("We will not ask you again"),
        words=_("If you write to us, we still answer you by e-mail."),
    )
