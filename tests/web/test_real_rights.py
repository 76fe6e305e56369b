"""Pages with the rights the program really has: nobody acts but the person who signed in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caseward.org.acting import Actor, acting
from tests.builders import (
    a_case,
    a_disposition,
    a_promise,
    a_reason,
    a_regional_lead,
    a_specialist,
    a_team_leader,
    an_agent,
)

PASSWORD = "a long enough password"


@pytest.fixture
def people(committed_db):
    with acting(Actor.system("tests")):
        a_promise()
        a_reason()
        a_disposition()
        found = [an_agent(), a_specialist(), a_team_leader(), a_regional_lead()]
        for person in found:
            person.set_password(PASSWORD)
            person.save()
        case = a_case(opened_at=timezone.now() - timedelta(hours=1), assignee=found[0])
    return found, case


def test_every_role_signs_in_and_opens_its_pages(people):
    found, case = people
    agent, specialist, *leaders = found
    pages = {
        agent: ["/desk/", "/desk/queues/", f"/desk/case/{case.reference}"],
        specialist: ["/desk/", "/desk/tier-2", f"/desk/case/{case.reference}"],
        **{leader: ["/lead/", "/desk/unfinished", "/sent-mail/"] for leader in leaders},
    }

    for person, paths in pages.items():
        client = Client()
        landed = client.post(
            "/sign-in", {"username": person.key, "password": PASSWORD}, follow=True
        )
        assert landed.status_code == 200, person.role
        for path in [*paths, "/desk/search?q=sign"]:
            assert client.get(path).status_code == 200, (person.role, path)


def test_a_stranger_is_sent_to_sign_in(people):
    _, case = people

    for path in ("/", "/desk/", "/lead/", f"/desk/case/{case.reference}"):
        assert Client().get(path).status_code == 302, path
