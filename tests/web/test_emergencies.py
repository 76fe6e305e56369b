"""Imminent harm on the pages: two keys to raise it, one to undo it, a worksheet for two people."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework.emergency.raising import raise_emergency
from caseward.casework.models import (
    Case,
    Disclosure,
    Emergency,
    MacroUse,
    OnCallPlace,
    OnCallRota,
    Outgoing,
    StaffAlert,
    Worksheet,
)
from caseward.casework.services import lock_disclosure
from caseward.org.catalogue import look_again
from caseward.routing.models import Availability
from tests.builders import a_case, a_lob, a_macro, a_specialist, a_team_leader, a_vendor, an_agent

pytestmark = pytest.mark.django_db
QUESTIONS = ("who", "where", "what", "when", "why_imminent", "what_data", "legal_basis")


def desk_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def scene():
    agent = an_agent(name="Asha Verma")
    kiran, lea = a_specialist(name="Kiran Das"), a_specialist(name="Lea Tan")
    rota = OnCallRota.objects.create(key="south", name="South", region=agent.site.region)
    OnCallPlace.objects.create(rota=rota, staff=kiran, position=0)
    look_again()
    now = timezone.now()
    return a_case(assignee=agent, opened_at=now), agent, kiran, lea


def raised(case, agent):
    return raise_emergency(reference=case.reference, by=agent, now=timezone.now())


def test_the_key_opens_a_dialog_whose_button_confirms_it(scene):
    case, agent, _kiran, _lea = scene
    page = desk_of(agent).get(f"/desk/case/{case.reference}").content.decode()

    assert 'data-key="!"' in page
    dialog = page.split('<dialog class="dialog" id="emergency"')[1].split("</dialog>")[0]
    assert "autofocus" in dialog
    assert f"/desk/case/{case.reference}/emergency" in dialog


def test_raising_sends_the_crisis_text_in_the_requesters_language_and_can_be_undone(scene):
    case, agent, _kiran, _lea = scene
    Case.objects.filter(pk=case.pk).update(language="hi")
    a_macro("crisis", hi="आप अकेले नहीं हैं।", en="You are not alone.")
    look_again()
    desk = desk_of(agent)

    shown = desk.get(f"/desk/case/{case.reference}/emergency").content.decode()
    answer = desk.post(f"/desk/case/{case.reference}/emergency", {"send": "1"})
    page = desk.get(answer.url).content.decode()

    assert "आप अकेले नहीं हैं।" in shown
    assert Outgoing.objects.get(case=case, kind="REPLY").message.text == "आप अकेले नहीं हैं।"
    assert MacroUse.objects.get(case=case).language == "hi"
    assert "Whoever is on call is being paged" in page
    assert "Kiran" not in page
    desk.post(f"/desk/case/{case.reference}/false-alarm")
    assert not Outgoing.objects.filter(case=case, kind="REPLY").exists()
    case.refresh_from_db()
    assert (case.priority, Emergency.objects.get().state) == (3, "FALSE_ALARM")


def test_the_alarm_stands_where_its_text_may_not_be_sent(scene):
    case, agent, _kiran, _lea = scene
    a_macro("crisis", en="We reported this to the police.")
    look_again()
    desk = desk_of(agent)

    answer = desk.post(f"/desk/case/{case.reference}/emergency", {"send": "1"})

    assert "Nothing was sent." in desk.get(answer.url).content.decode()
    assert not Outgoing.objects.filter(case=case, kind="REPLY").exists()
    assert Emergency.objects.get().state == "PAGING"


def test_on_a_case_of_silence_no_macro_is_sent_that_is_not_safe_there(scene):
    case, lead = scene[0], a_team_leader()
    a_macro("crisis", en="You are not alone.")
    look_again()
    address = f"/desk/case/{case.reference}/emergency"
    assert "You are not alone." in desk_of(lead).get(address).content.decode()

    lock_disclosure(reference=case.reference, by=lead, why="Section 29", now=timezone.now())

    assert "You are not alone." not in desk_of(lead).get(address).content.decode()


def test_a_macro_that_names_help_nobody_has_checked_is_not_sent(scene):
    case, agent, _kiran, _lea = scene
    a_macro("crisis", en="Ring {crisis:suicide} now.")
    look_again()

    desk_of(agent).post(f"/desk/case/{case.reference}/emergency", {"send": "1"})

    assert not Outgoing.objects.filter(case=case, kind="REPLY").exists()
    assert Emergency.objects.count() == 1


def link_in(alert):
    return re.search(r"/emergency/\S+", alert.text).group()


def test_a_link_is_not_enough_a_person_presses_the_button(scene):
    case, agent, kiran, _lea = scene
    raised(case, agent)
    link = link_in(StaffAlert.objects.get())
    phone = Client()

    asked = phone.get(link)
    assert Emergency.objects.get().state == "PAGING"
    taken = phone.post(link)

    assert "I take it" in asked.content.decode()
    assert "cannot sign in" not in asked.content.decode() + taken.content.decode()
    assert "You have it" in taken.content.decode()
    assert Emergency.objects.get().acknowledged_by == kiran
    assert "You have it" in phone.get(link).content.decode()


@pytest.mark.parametrize("token", ["nonsense", "MQ:1tX:abc"])
def test_a_link_that_is_not_ours_takes_nothing(scene, token):
    case, agent, *_ = scene
    raised(case, agent)

    answer = Client().post(f"/emergency/{token}")

    assert answer.status_code == 404
    assert Emergency.objects.get().state == "PAGING"


def test_the_worksheet_goes_from_one_person_to_another_and_is_disclosed_and_ended(scene):
    case, agent, kiran, lea = scene
    emergency = raised(case, agent)
    path = f"/desk/emergencies/{emergency.pk}"
    first, second = desk_of(kiran), desk_of(lea)
    first.post(f"{path}/take")
    filled = {**dict.fromkeys(QUESTIONS, "Said"), "decision": "DISCLOSE"}

    lacking = second.post(path, {"what": "A threat", "decision": "DISCLOSE"})
    refused = first.post(f"{path}/approve")
    assert (lacking.status_code, refused.status_code) == (302, 422)
    assert "Who is in danger" in refused.content.decode()
    first.post(path, filled)
    alone = first.post(f"{path}/approve")
    read = Worksheet.objects.get().drafted_at.isoformat()
    approved = second.post(f"{path}/approve", {"drafted": read})
    given = {"agency": "Police", "contact": "Desk 12", "given": "Last sign-in"}
    first.post(f"{path}/disclose", given)
    first.post(f"{path}/end")
    page = first.get(path).content.decode()

    assert (alone.status_code, approved.status_code) == (422, 302)
    assert Disclosure.objects.get().agency == "Police"
    assert Emergency.objects.get().state == "ENDED"
    assert "Decompress now" in page
    first.post("/desk/emergencies/rest")
    assert Availability.objects.get(staff=kiran).state == "DECOMPRESSING"


def test_what_was_typed_is_kept_when_a_disclosure_is_refused(scene):
    case, agent, kiran, _lea = scene
    emergency = raised(case, agent)
    desk = desk_of(kiran)
    desk.post(f"/desk/emergencies/{emergency.pk}/take")

    answer = desk.post(
        f"/desk/emergencies/{emergency.pk}/disclose",
        {"agency": "Police", "contact": "Desk 12", "given": "All"},
    )

    assert answer.status_code == 422
    assert "Two people have to decide first" in answer.content.decode()


def test_without_a_decision_both_are_told_that_nothing_can_be_approved_yet(scene):
    case, agent, kiran, lea = scene
    emergency = raised(case, agent)
    desk, address = desk_of(kiran), f"/desk/emergencies/{emergency.pk}"
    desk.post(f"{address}/take")

    answer = desk.post(address, {"who": "The requester", "decision": ""}, follow=True)

    assert "Nobody can approve it yet: propose a decision." in answer.content.decode()
    assert "nothing to approve" in desk_of(lea).get(address).content.decode()


def test_lists_and_worksheets_are_for_those_in_house_who_see_the_case_or_are_on_a_rota(scene):
    case, agent, kiran, lea = scene
    emergency = raised(case, agent)
    other_line = a_specialist(a_lob("age-support"))
    stranger = an_agent(vendor=a_vendor("melati"))
    path = f"/desk/emergencies/{emergency.pk}"

    expected = {kiran: 200, lea: 200, other_line: 404, agent: 404, stranger: 404}
    for person, status in expected.items():
        assert desk_of(person).get(path).status_code == status, person
        assert desk_of(person).post(f"{path}/take").status_code in {302, 404}
    assert case.reference in desk_of(lea).get("/desk/emergencies").content.decode()
    assert case.reference not in desk_of(other_line).get("/desk/emergencies").content.decode()
    assert desk_of(agent).get("/desk/emergencies").status_code == 404


def test_the_list_costs_the_same_for_many(scene, django_assert_max_num_queries):
    _case, agent, kiran, _lea = scene
    for number in range(12):
        case = a_case(assignee=agent, email=f"a{number}@example.com", opened_at=timezone.now())
        raised(case, agent)

    desk = desk_of(kiran)
    desk.get("/desk/emergencies")
    with django_assert_max_num_queries(14):
        page = desk.get("/desk/emergencies").content.decode()
    assert page.count('class="reference"') == 12
