"""What every answer tells a browser about itself."""

import pytest
from django.test import Client
from django.urls import reverse

from caseward.api.services import give_token
from caseward.channels import links
from caseward.core.discreet_logs import HidesLinks
from tests.builders import MONDAY_9AM, a_case
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db


def pages(people, case):
    """Return an answer of every sort: pages, fragments, files, refusals and errors."""
    desk, lead, visitor = browser_of(people.agent), browser_of(people.lead), Client()
    status = f"/status/{links.status_token(case.reference)}"
    personal = {
        "case": desk.get(f"/desk/case/{case.reference}"),
        "changes": desk.get(f"/desk/case/{case.reference}/changes"),
        "my cases": desk.get("/desk/"),
        "html": lead.get(f"/desk/message/{case.messages.get().pk}/html"),
        "lead": lead.get("/lead/"),
        "csv": lead.get("/lead/figures.csv"),
        "dialog": desk.get(f"/desk/case/{case.reference}/escalate"),
        "refused": desk.post(f"/desk/case/{case.reference}/escalate", {}),
        "missing": desk.get("/desk/case/CW-0000-000"),
        "home": desk.get("/"),
        "sent": lead.get(reverse("sent-mails")),
        "status": visitor.get(status),
        "api": visitor.get(
            f"/api/v1/cases/{case.reference}",
            headers={"authorization": f"Bearer {give_token(people.lead, now=MONDAY_9AM)}"},
        ),
        "sign-in": visitor.get("/sign-in"),
    }
    forged = Client(enforce_csrf_checks=True)
    others = {
        "nothing": visitor.get("/no-such-page"),
        "host": visitor.get("/", headers={"host": "evil.example"}),
        "csrf": forged.post("/sign-in", {"username": "x"}),
        "health": visitor.get("/healthz"),
        "api without": visitor.get("/api/v1/cases"),
        "api docs": visitor.get("/api/v1/docs"),
    }
    return personal, others


def test_every_answer_is_guarded_and_personal_ones_are_kept_by_no_cache(people):
    case = a_case(assignee=people.agent, html="<p>Hi</p>")

    personal, others = pages(people, case)

    for name, answer in {**personal, **others}.items():
        policy = answer["Content-Security-Policy"]
        for part in ("default-src 'self'", "frame-ancestors 'none'", "object-src 'none'"):
            assert part in policy, name
        assert "unsafe" not in policy, name
        assert answer["X-Content-Type-Options"] == "nosniff", name
        assert answer["X-Frame-Options"] == "DENY", name
        assert answer["Referrer-Policy"] == "same-origin", name
    for name, answer in personal.items():
        assert "no-store" in answer.get("Cache-Control", ""), name
        assert "private" in answer["Cache-Control"], name


def test_cookies_are_ours_alone_where_there_is_tls(settings):
    for name in ("SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE"):
        assert getattr(settings, name), name
    secured = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "LANGUAGE_COOKIE_SECURE")
    assert {getattr(settings, name) for name in secured} == {settings.HTTPS}
    assert settings.LANGUAGE_COOKIE_SAMESITE == "Lax"
    assert (settings.SECURE_HSTS_SECONDS > 0) is settings.HTTPS


@pytest.mark.parametrize("answer", ["files/9", "nothing"])
def test_the_log_of_a_refused_request_lets_nobody_in(people, caplog, answer):
    case = a_case()
    status, survey = links.status_token(case.reference), links.survey_token(case.reference)
    discreet = HidesLinks()

    for address in (f"/status/{status}/{answer}", f"/survey/{survey}/{answer}"):
        assert Client().get(address).status_code == 404

    said = [record.getMessage() for record in caplog.records if discreet.filter(record)]
    assert [text for text in said if "Not Found: /status/•••/" in text]
    assert not any(token in text for text in said for token in (status, survey))


def test_every_line_of_the_log_is_looked_at(settings):
    for name, handler in settings.LOGGING["handlers"].items():
        assert "discreet" in handler["filters"], name
