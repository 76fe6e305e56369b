"""Addresses of the JSON interface: `/api/v1/…`, described at `/api/v1/docs`."""

from django.http import HttpRequest, HttpResponse
from django.urls import path
from ninja import NinjaAPI

from caseward.api.services import TooManyCalls
from caseward.api.signing_in import BearerToken
from caseward.api.views import router
from caseward.casework.access import CaseNotVisible
from caseward.casework.queries import SearchTooBroad

api = NinjaAPI(
    title="Caseward",
    version="1",
    description="Cases and their timelines. Sign in with a token from `caseward token STAFF`.",
    auth=BearerToken(),
    urls_namespace="api-1",
)
api.add_router("", router)


@api.exception_handler(CaseNotVisible)
def not_found(request: HttpRequest, _problem: CaseNotVisible) -> HttpResponse:
    return _problem_of(request, 404, "There is no such case, or you may not see it.")


@api.exception_handler(SearchTooBroad)
def too_broad(request: HttpRequest, _problem: SearchTooBroad) -> HttpResponse:
    return _problem_of(
        request, 503, "The search took too long and was ended. Add a rarer or longer word."
    )


@api.exception_handler(TooManyCalls)
def too_many(request: HttpRequest, problem: TooManyCalls) -> HttpResponse:
    says = f"Too many calls this minute. Wait {problem.wait_seconds} seconds."
    answer = _problem_of(request, 429, says)
    answer["Retry-After"] = str(problem.wait_seconds)
    return answer


def _problem_of(request: HttpRequest, status: int, sentence: str) -> HttpResponse:
    return api.create_response(request, {"detail": sentence}, status=status)


urlpatterns = [path("v1/", api.urls)]
