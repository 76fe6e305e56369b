"""Who is told that the floor changed, how often, and that it is told soon."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from django.test import RequestFactory

from caseward.casework.floor import saying
from caseward.casework.floor.people import Scope
from caseward.org.acting import Actor, acting
from caseward.routing.availability import set_state
from caseward.web.live.address import live_url
from caseward.web.live.hub import Client, Hub
from caseward.web.live.news import News
from caseward.web.live.pulse import Pulse
from caseward.web.live.tokens import Reader, make_screen_token, make_token, read_token
from tests.builders import a_lob, a_team_leader, a_vendor, an_agent
from tests.concurrency import apart
from tests.web.test_live import Page, a_running_app

SOON = datetime.now(UTC) + timedelta(hours=1)
WATCHER = Reader(1, None, True, SOON, True)
SOMEBODY = Reader(2, None, True, SOON)


def test_however_much_happens_a_watcher_is_told_at_once_and_then_at_its_pace():
    hub = Hub()
    watcher, somebody = Client(WATCHER), Client(SOMEBODY)
    heard = []

    async def play():
        pulse = Pulse(hub, seconds=0.2)
        watcher.offer = lambda hints: heard.append((time.monotonic(), "watcher"))
        somebody.offer = lambda hints: heard.append((time.monotonic(), "somebody"))
        hub.clients = {watcher, somebody}
        began = time.monotonic()
        for _ in range(50):
            pulse.beat()
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        return began

    began = asyncio.run(play())
    assert {who for _, who in heard} == {"watcher"}
    assert heard[0][0] - began < 0.15
    assert 2 <= len(heard) <= 5


@pytest.mark.django_db
def test_only_a_lead_on_the_floors_own_page_watches_it():
    lead, agent = a_team_leader(), an_agent()

    def watches(staff, path):
        request = RequestFactory().get(path, headers={"host": "localhost:8000"})
        request.user = staff
        reader = read_token(live_url(request).partition("token=")[2], now=datetime.now(UTC))
        return reader.watches_floor

    assert watches(lead, "/floor/") and watches(lead, "/floor/wallboard")
    assert not watches(lead, "/desk/")
    assert not watches(agent, "/floor/")


@pytest.mark.parametrize("vendor", [None, 7])
def test_a_screen_on_a_wall_hears_of_no_case(vendor):
    reader = read_token(make_screen_token(now=datetime.now(UTC)), now=datetime.now(UTC))
    payload = {"case": 3, "kind": "case.opened", "vendor": vendor, "audience": "EVERYONE"}
    news = News.read(json.dumps(payload))

    assert reader is not None and news is not None
    assert reader.watches_floor
    assert not news.concerns(reader)


def an_operation():
    with acting(Actor.system("tests")):
        lob = a_lob()
        ours, theirs = an_agent(lob=lob), an_agent(vendor=a_vendor("melati"), lob=lob)
        return ours, theirs, a_team_leader(), lob


def path_for(staff, **rights):
    return f"/live?token={make_token(staff, now=datetime.now(UTC), **rights)}"


def test_what_somebody_does_reaches_the_floor_within_two_seconds_and_no_colleague(committed_db):
    ours, theirs, lead, _ = an_operation()

    def take_a_break():
        with acting(Actor.staff(ours)):
            set_state(staff=ours, state="BREAK", why="", now=datetime.now(UTC))

    async def play():
        async with a_running_app() as app:
            paths = [path_for(lead, watches_floor=True), path_for(theirs), path_for(ours)]
            pages = [Page(app, path).open() for path in paths]
            for page in pages:
                await page.reads("retry:")
            began = time.monotonic()
            await asyncio.to_thread(apart, take_a_break)
            await pages[0].reads("data: floor")
            took = time.monotonic() - began
        for page in pages:
            await asyncio.wait_for(page.task, 5)
        return took, [page.hints for page in pages]

    took, hints = asyncio.run(play())
    assert took < 2
    assert hints[:2] == [["floor"], []]
    assert "floor" not in hints[2]


def test_a_message_is_announced_to_its_vendor_and_to_no_other(committed_db):
    ours, theirs, lead, lob = an_operation()

    def tell():
        with acting(Actor.staff(lead)):
            scope = Scope(lob_ids=frozenset({lob.pk}), vendor_id=ours.vendor_id)
            saying.tell(scope=scope, text="Hello", to="x", by=lead, now=datetime.now(UTC))

    async def play():
        async with a_running_app() as app:
            pages = [Page(app, path_for(staff)).open() for staff in (ours, theirs)]
            for page in pages:
                await page.reads("retry:")
            await asyncio.to_thread(apart, tell)
            await pages[0].reads("team-message")
        for page in pages:
            await asyncio.wait_for(page.task, 5)
        return [page.hints for page in pages]

    assert asyncio.run(play()) == [["team-message"], []]
