"""Who is on call now and next is one look away, for those who lead."""

import pytest
from django.utils import timezone

from caseward.casework.models import Expert, OnCallPlace, OnCallRota
from caseward.core.paging import DAYS
from tests.builders import a_lob, a_regional_lead, a_specialist, an_agent
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/lead/on-call"


def a_rota(*people, windows=None, **fields):
    rota = OnCallRota.objects.create(
        key="south", name="Danger, south", region=people[0].site.region, **fields
    )
    for position, person in enumerate(people):
        OnCallPlace.objects.create(
            rota=rota, staff=person, position=position, windows=windows or {}
        )
    return rota


def text_of(person):
    return browser_of(person).get(PAGE).content.decode()


def test_who_is_on_call_now_stands_in_the_order_they_are_paged():
    first, second = a_specialist(name="Kiran"), a_specialist(name="Meera")
    a_rota(second, first)

    page = text_of(a_regional_lead())

    assert page.index("Meera") < page.index("Kiran")
    assert "Nobody changes within a week." in page


def test_a_rota_nobody_is_on_says_so_and_when_somebody_will_be():
    person = a_specialist(name="Kiran")
    local = timezone.now().astimezone(timezone.get_default_timezone())
    in_three_days = DAYS[(local.weekday() + 3) % 7]
    a_rota(person, windows={in_three_days: [["09:00", "17:00"]]})

    page = text_of(a_regional_lead())

    assert "Nobody of this rota is on call now. Pages go to the leads" in page
    assert "09:00" in page and "Kiran" in page


def test_experts_are_named_with_what_they_know():
    Expert.objects.create(
        key="payouts", staff=a_specialist(name="Lim"), lob=a_lob(), topics={"en": "Payouts"}
    )
    page = text_of(a_regional_lead())
    assert "Lim" in page and "Payouts" in page and "No rota is written" in page


def test_it_is_for_those_who_lead_in_house():
    a_rota(a_specialist())
    assert browser_of(a_regional_lead()).get(PAGE).status_code == 200
    assert browser_of(an_agent()).get(PAGE).status_code == 404
