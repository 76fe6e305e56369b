"""The survey page: nothing is recorded by looking at it."""

from datetime import timedelta

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from caseward.casework.services import resolve_case
from caseward.channels import links
from caseward.quality.models import Survey
from caseward.quality.services import ask_surveys
from tests.builders import a_case, a_disposition, an_agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def case():
    agent, now = an_agent(languages=("en", "ta")), timezone.now()
    case = a_case(assignee=agent, language="ta", opened_at=now - timedelta(hours=3))
    resolve_case(
        reference=case.reference,
        by=agent,
        disposition=a_disposition(),
        now=now - timedelta(hours=1),
    )
    ask_surveys(now=now)
    return case


def address(case, rating=None):
    return links.survey_url(case.reference, rating).removeprefix("http://127.0.0.1:8000")


def test_opening_the_link_records_nothing_however_often(case, client):
    for _ in range(3):
        page = client.get(address(case, 4))

    assert 'value="4" required checked' in page.content.decode()
    assert client.head(address(case, 4)).status_code == 200
    assert Survey.objects.get().rating is None


def test_the_answer_is_recorded_by_sending_it(case, client):
    answer = client.post(address(case), {"rating": "4", "comment": "quick"})

    survey = Survey.objects.get()
    assert (survey.rating, survey.comment) == (4, "quick")
    assert 'value="4" required checked' in client.get(answer.url).content.decode()


def test_the_page_speaks_the_language_of_the_case_unless_another_is_chosen(case, client):
    assert '<html lang="ta"' in client.get(address(case)).content.decode()
    assert '<html lang="ms"' in client.get(address(case), {"lang": "ms"}).content.decode()


@pytest.mark.parametrize("rating", ["", "0", "6", "4.5", "four", "४", "4\x00"])
def test_what_is_no_rating_is_asked_for_again_and_the_comment_stays(case, client, rating):
    answer = client.post(address(case), {"rating": rating, "comment": "my words"})

    assert answer.status_code == 422
    assert "my words" in answer.content.decode()
    assert Survey.objects.get().rating is None


def test_after_seven_days_the_answer_stands(case, client):
    client.post(address(case), {"rating": "2"})
    Survey.objects.update(answered_at=timezone.now() - timedelta(days=7))

    assert 'name="rating"' not in client.get(address(case)).content.decode()
    assert client.post(address(case), {"rating": "5"}).status_code == 200
    assert Survey.objects.get().rating == 2


def test_a_link_that_is_not_ours_opens_nothing(case, client):
    changed = address(case)[:-1] + ("a" if address(case)[-1] != "a" else "b")
    status_token = links.status_token(case.reference)

    for bad in (changed, f"/survey/{status_token}", "/survey/x", "/survey/%00~~"):
        assert client.get(bad).status_code == 404
        assert client.post(bad, {"rating": "1"}).status_code == 404
    assert client.get(address(case)).status_code == 200


def test_a_case_nobody_was_asked_about_has_no_survey(client):
    assert client.get(address(a_case())).status_code == 404


def test_an_old_link_says_that_the_time_is_over(case, client):
    class Earlier(signing.TimestampSigner):
        def timestamp(self):
            return signing.b62_encode(int(timezone.now().timestamp()) - 100 * 86_400)

    token = Earlier(salt="caseward.survey", sep="~").sign(case.reference)

    assert client.get(f"/survey/{token}").status_code == 410


def test_another_site_cannot_answer(case):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(address(case), {"rating": "1"}).status_code == 403


def test_the_page_costs_a_fixed_number_of_queries(case, client, django_assert_num_queries):
    with django_assert_num_queries(7):
        client.get(address(case))
