"""The floor's page: for whom it is, what it says, what it costs, and the moves made from it."""

import gzip
import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caseward.casework.floor import moving
from caseward.casework.floor.people import widest_scope
from caseward.casework.models import Case, FloorMove
from caseward.ledger import queries as ledger
from caseward.org.models import Skill
from caseward.routing.availability import set_state
from caseward.routing.models import Queue
from caseward.web.views.floor import shared
from caseward.web.views.floor.shared import NotValid, Wanted, token_for, wanted_by
from tests.builders import (
    a_case,
    a_lob,
    a_promise,
    a_queue,
    a_regional_lead,
    a_share,
    a_specialist,
    a_staff_member,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_kept():
    shared.forget()
    yield
    shared.forget()


def browser_of(staff):
    client = Client()
    client.force_login(staff)
    return client


def page(staff, query="?team=all"):
    shared.forget()
    answer = browser_of(staff).get(reverse("floor") + query)
    assert answer.status_code == 200
    return answer.content.decode()


def an_hour_ago():
    return timezone.now() - timedelta(hours=1)


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("TEAM_LEADER", 200), ("LOB_LEAD", 200), ("REGIONAL_LEAD", 200), ("GLOBAL_HEAD", 200),
        ("VENDOR_MANAGER", 200), ("SPECIALIST", 404), ("AGENT", 404),
    ],
)  # fmt: skip
def test_the_floor_is_for_those_who_lead(role, status):
    an_agent()
    staff = a_staff_member(role)

    assert browser_of(staff).get(reverse("floor")).status_code == status
    assert browser_of(staff).get(reverse("floor-wallboard")).status_code == status


def test_a_vendors_agent_sees_neither_the_floor_nor_its_moves():
    agent, case = an_agent(), a_case()
    client = browser_of(agent)

    assert client.get(reverse("floor")).status_code == 404
    for name, part in [("floor-pause", case.queue_id), ("floor-ask", agent.pk)]:
        assert client.post(reverse(name, args=[part]), {}).status_code == 404
    assert client.post(reverse("floor-give", args=[case.reference]), {}).status_code == 404


def test_a_global_head_looks_on_and_moves_nothing():
    an_agent()
    head, lead, case = a_staff_member("GLOBAL_HEAD"), a_team_leader(), a_case()
    address = reverse("floor-pause", args=[case.queue_id])

    assert address not in page(head)
    assert browser_of(head).get(address).status_code == 404
    assert address in page(lead)
    assert browser_of(lead).get(address).status_code == 200


def test_it_says_who_is_on_what_waits_and_what_is_late():
    a_promise(duration=timedelta(minutes=30))
    ana, lead = an_agent(name="Ana Rao"), a_team_leader()
    late = a_case(opened_at=an_hour_ago(), title="Locked out")
    set_state(staff=ana, state="AVAILABLE", why="", now=timezone.now())

    said = page(lead)

    assert "Ana Rao" in said and "Free while cases wait" in said
    assert late.reference in said and "Locked out" in said
    assert 'id="queue-' in said and "1/1" in said.replace('<span class="faint">', "")


def test_why_somebody_rests_is_their_own_business():
    ana, lead = an_agent(), a_team_leader()
    set_state(staff=ana, state="DECOMPRESSING", why="hard-case", now=timezone.now())

    said = page(lead)

    assert "On a break" in said
    assert "ecompressing" not in said and "hard-case" not in said


def test_a_team_leader_begins_with_their_own_team():
    ana, ben = an_agent(name="Ana Rao"), an_agent(name="Ben Lim", vendor=a_vendor("melati"))
    lead = a_team_leader()
    ana.team.leader = lead
    ana.team.save()

    assert "Ana Rao" in page(lead, "") and "Ben Lim" not in page(lead, "")
    assert "Ben Lim" in page(lead) and ben.name in page(a_regional_lead(), "")


def test_a_lob_lead_sees_the_people_and_queues_of_their_lines_only():
    an_agent(name="Ana Rao")
    a_case(title="Locked out")
    an_agent(name="Ben Lim", lob=a_lob("billing"))
    lead = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=lead, lob=a_lob("billing"), language="en")

    said = page(lead)

    assert "Ben Lim" in said
    assert "Ana Rao" not in said and "Locked out" not in said


def test_it_costs_the_same_number_of_queries_for_a_few_and_for_many():
    a_promise(duration=timedelta(minutes=30))
    client = browser_of(a_team_leader())

    def queries():
        client.get(reverse("floor"))
        shared.forget()
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(reverse("floor") + "?team=all")
        return len(asked)

    an_agent()
    a_case(opened_at=an_hour_ago())
    few = queries()
    for number in range(6):
        agent = an_agent(vendor=a_vendor(f"vendor-{number % 3}"), lob=a_lob(f"lob-{number % 2}"))
        set_state(staff=agent, state="BUSY", why="", now=timezone.now())
        a_case(assignee=agent, opened_at=an_hour_ago())
    many = queries()

    assert few == many


def test_the_picture_is_worked_out_once_for_all_who_look_at_the_same_part(monkeypatch):
    an_agent()
    drawn = []
    real = shared.read_floor
    monkeypatch.setattr(shared, "read_floor", lambda *, now: drawn.append(now) or real(now=now))
    leads = [a_team_leader(), a_regional_lead()]

    for lead in leads:
        client = browser_of(lead)
        for _ in range(3):
            client.get(reverse("floor") + "?team=all")

    assert len(drawn) == 1


def test_what_can_still_be_kept_stands_before_the_many_that_are_late():
    a_promise(duration=timedelta(minutes=30))
    now = timezone.now()
    late = [a_case(opened_at=now - timedelta(days=2, minutes=n)).reference for n in range(15)]
    soon = [a_case(opened_at=now - timedelta(minutes=n)).reference for n in range(3)]

    html = page(a_team_leader())

    shown = re.findall(r'id="case-(CW-[^"]+)"', html)
    assert shown == [*soon[::-1], *late[:-10:-1]]
    assert html.index("Still to be kept") < html.index(f"case-{soon[-1]}")
    assert html.index(f"case-{soon[0]}") < html.index("Past what was promised")


def test_a_page_asks_again_without_a_session_and_only_until_its_token_expires():
    lead = a_team_leader()
    an_agent()
    a_case()
    answer = browser_of(lead).get(reverse("floor") + "?team=all")
    address, content = answer.context["shared_url"], answer.context["picture"].content

    stranger = Client()
    fresh = stranger.get(address)
    assert fresh.status_code == 200 and "X-Data-At" in fresh.headers
    assert stranger.get(f"{address}?have={content}").status_code == 204
    packed = stranger.get(address, headers={"accept-encoding": "gzip"})
    assert gzip.decompress(packed.content) == fresh.content
    assert stranger.get(address[:-3] + "abc").status_code == 403
    wanted = Wanted(scope=widest_scope(lead), language="en", zone="UTC")
    token = token_for(wanted, now=timezone.now())
    assert wanted_by(token, now=timezone.now()) == wanted
    with pytest.raises(NotValid):
        wanted_by(token, now=timezone.now() + shared.LASTS)


def test_an_answer_says_how_old_it_is_and_when_there_can_be_a_newer_one():
    address = browser_of(a_team_leader()).get(reverse("floor")).context["shared_url"]

    before = timezone.now()
    headers = Client().get(address).headers
    age = timedelta(milliseconds=int(headers["X-Data-Age-Ms"]))
    asked_at = datetime.fromisoformat(headers["X-Data-At"]) + age
    assert before - timedelta(milliseconds=1) <= asked_at <= timezone.now()
    assert int(headers["X-Newer-In-Ms"]) > 0


def test_a_case_is_given_from_the_floor_and_that_is_undone():
    ana, lead, case = an_agent(), a_team_leader(), a_case()
    client = browser_of(lead)
    address = reverse("floor-give", args=[case.reference])

    answer = client.post(address, {"to": ana.pk, "seen": ledger.last_number(case.pk), "back": ""})
    assert answer.status_code == 302
    assert Case.objects.get(pk=case.pk).assignee_id == ana.pk
    client.post(reverse("floor-undo", args=[FloorMove.objects.get().pk]), {"back": ""})

    assert Case.objects.get(pk=case.pk).assignee_id is None


def test_the_second_lead_reads_who_was_first():
    ana, ben, case = an_agent(), an_agent(), a_case()
    rohan, priya = a_team_leader(name="Rohan Malhotra"), a_regional_lead()
    seen = ledger.last_number(case.pk)
    moving.give_case(reference=case.reference, to=ana, by=rohan, seen=seen, now=timezone.now())

    for to in (ben, ana):
        answer = browser_of(priya).post(
            reverse("floor-give", args=[case.reference]), {"to": to.pk, "seen": seen}
        )
        assert answer.status_code == 422
        assert "Rohan Malhotra was first" in answer.content.decode()
    assert Case.objects.get(pk=case.pk).assignee_id == ana.pk


@pytest.mark.parametrize("count", ["0", "501", "x", ""])
def test_a_number_of_cases_that_makes_no_sense_moves_none(count):
    lead, case = a_team_leader(), a_case()
    a_share(a_vendor("melati"), a_lob())
    target = a_queue(1, a_vendor("melati"), a_lob())

    answer = browser_of(lead).post(
        reverse("floor-overflow", args=[case.queue_id]), {"target": target.pk, "count": count}
    )

    assert answer.status_code == 422
    assert not FloorMove.objects.exists()


def test_a_queue_is_paused_and_resumed_from_the_floor():
    an_agent()
    lead, case = a_team_leader(), a_case()
    client = browser_of(lead)

    client.post(reverse("floor-pause", args=[case.queue_id]), {"why": "Fraud wave", "minutes": 60})
    assert Queue.objects.get(pk=case.queue_id).is_paused
    assert "Fraud wave" in page(lead)
    client.post(reverse("floor-resume", args=[case.queue_id]), {})

    assert not Queue.objects.get(pk=case.queue_id).is_paused
    second = client.post(reverse("floor-resume", args=[case.queue_id]), {})
    assert "Somebody resumed this queue first" in second.content.decode()


def test_a_message_shows_on_the_desk_until_it_is_read():
    ana, lead = an_agent(), a_team_leader()
    browser_of(lead).post(reverse("floor-tell") + "?team=all", {"text": "Phones are down."})
    desk = browser_of(ana)

    assert "Phones are down." in desk.get(reverse("my-cases")).content.decode()
    message = FloorMove.objects.get().after["message_id"]
    desk.post(reverse("team-message-read", args=[message]), {"back": reverse("my-cases")})

    assert "Phones are down." not in desk.get(reverse("my-cases")).content.decode()
    assert "Read by 1 of 1" in page(lead)


def test_whoever_is_asked_changes_with_one_click():
    ana, lead = an_agent(), a_team_leader()
    browser_of(lead).post(reverse("floor-ask", args=[ana.pk]), {"state": "BREAK", "text": "Rest"})
    message = FloorMove.objects.get().after["message_id"]
    desk = browser_of(ana)

    assert "On a break" in desk.get(reverse("my-cases")).content.decode()
    desk.post(reverse("team-message-read", args=[message]), {"does": "1"})

    ana.refresh_from_db()
    assert ana.availability.state == "BREAK"


def test_a_message_for_others_is_neither_read_nor_obeyed():
    ana, ben, lead = an_agent(), an_agent(), a_team_leader()
    browser_of(lead).post(reverse("floor-ask", args=[ana.pk]), {"state": "BREAK", "text": ""})
    message = FloorMove.objects.get().after["message_id"]

    answer = browser_of(ben).post(reverse("team-message-read", args=[message]), {"does": "1"})

    assert answer.status_code == 404
    assert not hasattr(ben, "availability")


def test_a_wallboard_names_nobody_and_its_link_ends_with_its_lead():
    an_agent(name="Ana Rao")
    a_case(title="Locked out")
    lead = a_team_leader()
    client = browser_of(lead)
    link = client.get(reverse("floor-screen-link") + "?team=all").context["link"]

    screen = Client().get(link)

    said = screen.content.decode()
    assert screen.status_code == 200 and "Account Security" in said
    assert "Ana Rao" not in said and "Locked out" not in said and "CW-" not in said
    lead.role = "AGENT"
    lead.save()
    assert Client().get(link).status_code == 404
    assert Client().get(link[:-4] + "abcd").status_code == 404


def test_people_are_shown_by_what_a_lead_looks_for():
    busy, idle, lead = an_agent(name="Busy Bee"), an_agent(name="Idle Ida"), a_team_leader()
    set_state(staff=idle, state="AVAILABLE", why="", now=timezone.now())
    a_promise(duration=timedelta(minutes=30))
    a_case(assignee=busy, opened_at=an_hour_ago())
    a_case()

    def people(show):
        said = page(lead, f"?team=all&show={show}")
        return {name for name in ("Busy Bee", "Idle Ida") if f'truncate">{name}' in said}

    assert people("busy") == {"Busy Bee"}
    assert people("idle") == {"Idle Ida"}
    assert people("nonsense") == {"Busy Bee", "Idle Ida"}


def test_an_after_that_names_nobody_begins_at_the_beginning():
    an_agent(name="Ana Rao")
    lead = a_team_leader()

    for after in ("999999", "x", "-1", "9" * 40):
        assert "Ana Rao" in page(lead, f"?team=all&after={after}")


def test_a_specialist_of_tier_2_is_on_the_floor_too():
    specialist, lead = a_specialist(name="Nandini Iyer"), a_team_leader()

    assert specialist.name in page(lead)
