"""Who is on call: seen, changed, tried out and taken back by those who lead."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caseward.casework.emergency.trials import link_of
from caseward.casework.models import OnCallPlace, OnCallRota, OnCallTrial, StaffAlert
from caseward.core.paging import DAYS
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import ConfigurationChange
from tests.builders import a_regional_lead, a_specialist, a_team_leader, an_agent
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db
PAGE = "/lead/on-call"
SOUTH = f"{PAGE}/of/south"


def a_rota(*people, windows=None, **fields):
    rota = OnCallRota.objects.create(
        key="south", name="Danger, south", region=people[0].site.region, **fields
    )
    for position, person in enumerate(people):
        OnCallPlace.objects.create(
            rota=rota, staff=person, position=position, windows=windows or {}
        )
    look_again()
    return rota


def text_of(person, page=PAGE):
    return browser_of(person).get(page).content.decode()


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def said(*people, known=0, **fields):
    """Return what the form of a rota posts; people are dictionaries of theirs."""
    posted = {
        "name": "Danger, south", "region": "apac", "line_of_business": "", "fallback": "",
        "people-TOTAL_FORMS": len(people), "people-INITIAL_FORMS": known, **fields,
    }  # fmt: skip
    for place, person in enumerate(people):
        posted |= {f"people-{place}-{name}": value for name, value in person.items()}
    return posted


def change(person, *people, page=SOUTH, **fields):
    browser = browser_of(person)
    seen = fields.pop("seen", None) or seen_on(browser.get(page).content.decode())
    return browser.post(page, said(*people, seen=seen, **fields))


def test_who_is_on_call_now_stands_in_the_order_they_are_paged():
    first, second = a_specialist(name="Kiran"), a_specialist(name="Meera")
    a_rota(second, first)

    page = text_of(a_regional_lead())

    assert page.index("Meera") < page.index("Kiran")
    assert "Nobody changes within a week." in page


def test_holes_are_said_loudly_and_when_somebody_takes_over():
    local = timezone.localtime()
    in_three_days = DAYS[(local.weekday() + 3) % 7]
    a_rota(a_specialist(name="Kiran"), windows={in_three_days: [["09:00", "17:00"]]})

    page = text_of(a_regional_lead())

    assert 'notice--danger" role="alert"' in page
    assert "Nobody is on call now, until" in page and "Nobody is on call from" in page
    assert "Then pages go to the leads of the line of business" in page
    assert "Kiran" in page and f"{in_three_days} 09:00-17:00" in page
    assert "rotas with nobody on call now" in page


def test_a_rota_is_written_with_nights_in_the_hours_of_each_site():
    kiran, meera = a_specialist(name="Kiran"), a_specialist(name="Meera")
    night = {"staff": kiran.key, "windows": "mon-fri 18:00-06:00", "webhook": ""}
    day = {"staff": meera.key, "windows": "", "email": "pager@caseward.example"}

    answer = change(a_regional_lead(), night, day, page=f"{PAGE}/new")

    assert answer.status_code == 302
    first, second = OnCallPlace.objects.filter(rota__key="danger-south").order_by("position")
    assert first.windows["mon"] == [["18:00", "24:00"]]
    assert first.windows["sat"] == [["00:00", "06:00"]]
    assert (second.staff, second.email, second.windows) == (meera, "pager@caseward.example", {})


def test_order_is_changed_told_and_taken_back():
    lead, kiran, meera = a_regional_lead(), a_specialist(name="Kiran"), a_specialist(name="Meera")
    a_rota(kiran, meera)

    change(lead, {"staff": kiran.key, "ORDER": 2}, {"staff": meera.key, "ORDER": 1}, known=2)

    rota = OnCallRota.objects.get(key="south")
    assert [one.staff.name for one in rota.places.order_by("position")] == ["Meera", "Kiran"]
    event = Event.objects.get(kind="configuration.changed")
    assert (event.data["what"], event.data["changed"]) == ("ROTA", ["people"])
    assert "caseward.example" not in str(event.data)
    assert "Danger, south" in text_of(lead)

    done = ConfigurationChange.objects.get()
    browser_of(lead).post(f"/lead/changes/{done.pk}/undo")

    assert [one.staff.name for one in rota.places.order_by("position")] == ["Kiran", "Meera"]
    again = browser_of(lead).post(f"/lead/changes/{done.pk}/undo", follow=True)
    assert "nothing was taken back" in again.content.decode()


def test_a_rota_out_of_use_pages_nobody_and_comes_back_whole():
    lead, kiran = a_regional_lead(), a_specialist()
    a_rota(kiran, windows={"mon": [["09:00", "17:00"]]})
    page = browser_of(lead).get(SOUTH).content.decode()

    browser_of(lead).post(f"{SOUTH}/remove", {"seen": seen_on(page)})

    assert not OnCallRota.objects.get(key="south").is_active
    assert "No rota is written" in text_of(lead)
    browser_of(lead).post(f"/lead/changes/{ConfigurationChange.objects.get().pk}/undo")
    assert OnCallRota.objects.get(key="south").is_active
    assert OnCallPlace.objects.get().windows == {"mon": [["09:00", "17:00"]]}


def test_whoever_was_first_is_not_overwritten_and_nothing_typed_is_lost():
    lead, kiran, meera = a_regional_lead(), a_specialist(), a_specialist()
    a_rota(kiran)
    seen = seen_on(browser_of(lead).get(SOUTH).content.decode())
    change(a_regional_lead(), {"staff": meera.key}, known=1)

    late = change(lead, {"staff": kiran.key}, known=1, name="Renamed", seen=seen)

    page = late.content.decode()
    assert late.status_code == 422 and "A colleague changed this" in page and "Renamed" in page
    assert OnCallPlace.objects.get().staff == meera
    assert change(lead, {"staff": kiran.key}, known=1, seen=seen_on(page)).status_code == 302


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"windows": "whenever"}, "says no hours"),
        ({"webhook": "http://pager.example/x"}, "begins with https://"),
        ({"email": "nobody"}, "valid email"),
        ({"staff": "nobody"}, "valid choice"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_changes(wrong, words):
    kiran = a_specialist()
    a_rota(kiran)

    answer = change(a_regional_lead(), {"staff": kiran.key, **wrong}, known=1)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not ConfigurationChange.objects.exists()


def test_a_rota_needs_somebody_once_and_falls_back_on_another():
    kiran, lead = a_specialist(), a_regional_lead()
    south = a_rota(kiran)
    OnCallRota.objects.create(key="north", name="North", region=south.region, fallback=south)
    look_again()
    me = {"staff": kiran.key}

    assert "at least one person" in change(lead, {**me, "DELETE": "on"}, known=1).content.decode()
    assert "is on it twice" in change(lead, me, me, known=1).content.decode()
    circle = change(lead, me, known=1, fallback="north").content.decode()
    assert "leads back to this one" in circle
    assert not ConfigurationChange.objects.exists()


def test_room_for_another_person_keeps_what_is_typed():
    kiran = a_specialist()
    a_rota(kiran)

    answer = change(a_regional_lead(), {"staff": kiran.key}, known=1, name="Half", more="1")

    page = answer.content.decode()
    assert answer.status_code == 200 and 'value="Half"' in page and "people-1-staff" in page
    assert not ConfigurationChange.objects.exists()


def test_only_whoever_answers_for_the_line_changes_a_rota():
    kiran, leader = a_specialist(), a_team_leader()
    a_rota(kiran)
    seen = seen_on(text_of(a_regional_lead(), SOUTH))

    assert browser_of(leader).get(PAGE).status_code == 200
    assert SOUTH not in text_of(leader)
    assert browser_of(leader).get(SOUTH).status_code == 404
    browser_of(leader).post(f"{SOUTH}/remove", {"seen": seen})
    assert OnCallRota.objects.get(key="south").is_active
    assert browser_of(an_agent()).get(PAGE).status_code == 404
    browser_of(a_regional_lead()).post(f"{SOUTH}/remove", {"seen": seen})
    assert not OnCallRota.objects.get(key="south").is_active


def test_a_trial_page_goes_out_by_every_way_and_is_answered_from_its_link():
    lead, kiran = a_regional_lead(name="Ananya"), a_specialist(name="Kiran")
    rota = a_rota(kiran)
    rota.places.update(email="pager@caseward.example", webhook_url="https://pager.example/x")
    look_again()

    browser_of(lead).post(f"{SOUTH}/trial", {"staff": kiran.key})
    twice = browser_of(lead).post(f"{SOUTH}/trial", {"staff": kiran.key}, follow=True)

    trial = OnCallTrial.objects.get()
    assert "went out a moment ago" in twice.content.decode()
    ways = {alert.channel: alert.address for alert in StaffAlert.objects.filter(trial=trial)}
    assert ways == {"EMAIL": "pager@caseward.example", "WEBHOOK": "https://pager.example/x"}
    assert "Nobody is in danger" in StaffAlert.objects.first().text
    assert "waits to be sent" in text_of(lead)

    link = link_of(trial).partition("/emergency")[2]
    asked = Client().get(f"/emergency{link}").content.decode()
    assert "Nobody is in danger" in asked and "It reached me" in asked
    assert OnCallTrial.objects.get().acknowledged_at is None
    assert "it came" in Client().post(f"/emergency{link}").content.decode()
    Client().post(f"/emergency{link}")

    assert "Trial answered at" in text_of(lead)
    kinds = Event.objects.filter(kind__startswith="trial.").order_by("pk")
    assert [event.kind for event in kinds] == ["trial.sent", "trial.answered"]


def test_a_trial_that_could_not_be_sent_says_why():
    lead, kiran = a_regional_lead(), a_specialist()
    a_rota(kiran)
    browser_of(lead).post(f"{SOUTH}/trial", {"staff": kiran.key})
    StaffAlert.objects.update(state="FAILED", problem="The mail server said no.")

    assert "could not be sent: The mail server said no." in text_of(lead)


def test_a_link_of_a_trial_ends_after_a_day_and_cannot_be_made_up():
    assert Client().get("/emergency/trial/made-up").status_code == 404


def test_whoever_leads_another_line_tries_only_themselves():
    kiran, leader = a_specialist(), a_team_leader()
    rota = a_rota(kiran)
    OnCallPlace.objects.create(rota=rota, staff=leader, position=7)
    look_again()
    browser = browser_of(leader)

    refused = browser.post(f"{SOUTH}/trial", {"staff": kiran.key}, follow=True)
    browser.post(f"{SOUTH}/trial", {"staff": leader.key})

    assert "whoever answers for the line" in refused.content.decode()
    assert OnCallTrial.objects.get().staff == leader


def test_the_page_costs_the_same_however_many_rotas():
    lead, people = a_regional_lead(), [a_specialist() for _ in range(3)]
    south = a_rota(*people)
    browser = browser_of(lead)
    costs = []
    for key in ("east", "west", "north"):
        browser.get(PAGE)
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        costs.append(len(queries))
        OnCallRota.objects.create(key=key, name=key, region=south.region, fallback=south)
        look_again()

    assert len(set(costs)) == 1


def test_history_goes_on_page_by_page():
    lead, kiran = a_regional_lead(), a_specialist()
    a_rota(kiran)
    for number in range(12):
        ConfigurationChange.objects.create(
            what="ROTA", key="south", title=f"South {number}", before={"line_of_business": None},
            after={"line_of_business": None, "name": number}, by=lead,
            at=timezone.now() - timedelta(days=1),
        )  # fmt: skip

    page = text_of(lead)
    assert "South 11" in page and "South 1 " not in page
    following = re.search(r'href="(\?before=\d+)#changes"', page)[1]
    assert "South 1 " in text_of(lead, PAGE + following)
