"""Live events: who is told what, and what happens to slow, late and uninvited listeners."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from caseward.casework.services import add_note, release_case
from caseward.org.acting import Actor, acting
from caseward.web.live import streaming
from caseward.web.live.address import live_url
from caseward.web.live.app import LiveApp
from caseward.web.live.hub import MOST_HEARD, MOST_MISSED, QUEUE_LENGTH, Client, Hub
from caseward.web.live.news import News
from caseward.web.live.tokens import LASTS, Reader, make_token, read_token
from tests.builders import MONDAY_9AM, a_case, a_specialist, a_vendor, an_agent
from tests.concurrency import apart

IN_AN_HOUR = datetime.now(UTC) + timedelta(hours=1)
MINUTE = timedelta(minutes=1)
LAST = "the last hint"
IN_HOUSE = Reader(1, None, True, IN_AN_HOUR)
NORTHSTAR = Reader(2, 7, False, IN_AN_HOUR)


def news(**changes):
    said = {"case": 3, "kind": "message.sent", "vendor": 7, "audience": "EVERYONE", **changes}
    read = News.read(json.dumps(said))
    assert read is not None
    return read


@pytest.mark.django_db
def test_a_token_says_who_reads_until_it_expires():
    agent, specialist = an_agent(), a_specialist()
    for staff, sees in [(agent, False), (specialist, True)]:
        token = make_token(staff, now=MONDAY_9AM)
        reader = read_token(token, now=MONDAY_9AM + LASTS - timedelta(seconds=1))
        assert reader is not None
        assert (reader.staff_id, reader.vendor_id) == (staff.pk, staff.vendor_id)
        assert reader.sees_in_house is sees
        assert read_token(token, now=MONDAY_9AM + LASTS) is None
        assert read_token(token[:-1] + ("A" if token[-1] != "A" else "B"), now=MONDAY_9AM) is None


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, True),
        ({"vendor": 8}, False),
        ({"vendor": None}, False),
        ({"audience": "IN_HOUSE"}, False),
    ],
)
def test_a_vendors_page_is_told_of_its_own_cases_and_of_nothing_in_house(changes, told):
    assert news(**changes).concerns(NORTHSTAR) is told
    assert news(**changes).concerns(IN_HOUSE) is True


def test_a_hint_names_what_to_look_at_and_nothing_else():
    assert news().hints("CW-7F3K-9QX") == ["case:CW-7F3K-9QX", "queue"]
    assert news(kind="presence").hints("CW-7F3K-9QX") == ["case:CW-7F3K-9QX"]


@pytest.mark.parametrize("payload", ["", "nonsense", "[]", "{}", '{"case": "x"}', "7"])
def test_what_is_not_ours_is_passed_over(payload):
    assert News.read(payload) is None


def test_a_page_that_does_not_read_is_given_up_and_costs_nothing():
    async def play():
        client = Client(IN_HOUSE)
        for _ in range(QUEUE_LENGTH + 1):
            client.offer(["queue"])
        return client.is_stale, await client.next_hint()

    assert asyncio.run(play()) == (True, None)


def told_at_once(hub, reader):
    """Return what a page is told as soon as it listens."""

    async def play():
        client = Client(reader)
        hub.let_in(client)
        client.offer([LAST])
        return [hint async for hint in _until_last(client)]

    return asyncio.run(play())


async def _until_last(client):
    while (hint := await client.next_hint()) != LAST:
        yield hint


def test_a_page_is_told_what_happened_while_it_was_drawn():
    hub, drawn_at = Hub(), MONDAY_9AM
    hub.begin(now=drawn_at - MINUTE)
    for seconds, piece in ((-1, news()), (1, news(case=4)), (2, news(case=4, vendor=8))):
        at = drawn_at + timedelta(seconds=seconds)
        hub.tell(piece, f"CW-{piece.case_id}", now=at)
    in_house = replace(IN_HOUSE, drawn_at=drawn_at)

    assert told_at_once(hub, in_house) == ["case:CW-4", "queue"]
    assert told_at_once(hub, replace(in_house, watches_floor=True))[-1] == "floor"
    assert told_at_once(hub, replace(NORTHSTAR, drawn_at=drawn_at + MINUTE)) == []
    assert told_at_once(hub, replace(NORTHSTAR, drawn_at=drawn_at + timedelta(seconds=1))) == []


def test_a_page_older_than_what_is_remembered_looks_at_everything_again():
    early, late = Hub(), Hub()
    late.begin(now=MONDAY_9AM + MINUTE)
    early.begin(now=MONDAY_9AM - MINUTE)
    for number in range(MOST_MISSED + 1):
        early.tell(news(case=number + 1), f"CW-{number}", now=MONDAY_9AM + MINUTE)
    reader = replace(IN_HOUSE, drawn_at=MONDAY_9AM)

    assert told_at_once(late, reader) == ["caught-up"]
    assert told_at_once(early, reader) == ["caught-up"]
    for _ in range(MOST_HEARD):
        early.tell(news(), "CW-1", now=MONDAY_9AM + 2 * MINUTE)
    assert told_at_once(early, reader) == ["caught-up"]


@pytest.mark.django_db
def test_the_page_is_given_its_own_host_and_a_token():
    request = RequestFactory().get("/", headers={"host": "localhost:8000"})
    request.user = an_agent()

    address, _, token = live_url(request).partition("?token=")

    assert address == "http://localhost:8001/live"
    assert read_token(token, now=datetime.now(UTC)) is not None
    request.began_at = MONDAY_9AM
    reader = read_token(live_url(request).partition("?token=")[2], now=MONDAY_9AM)
    assert reader is not None
    assert reader.drawn_at == MONDAY_9AM
    request.user = AnonymousUser()
    assert live_url(request) == ""


class Page:
    """A page that listens: what an ASGI server would do for it, and what it has read."""

    def __init__(self, app, path="/live", **headers):
        self.app = app
        self.path, _, self.query = path.partition("?")
        self.headers = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.status, self.answer_headers, self.text = 0, {}, ""
        self.left = asyncio.Event()

    def open(self):
        scope = {
            "type": "http", "method": "GET", "path": self.path, "headers": self.headers,
            "query_string": self.query.encode(),
        }  # fmt: skip
        self.task = asyncio.ensure_future(self.app(scope, self.receive, self.send))
        return self

    async def receive(self):
        await self.left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message):
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.answer_headers = dict(message["headers"])
        self.text += message.get("body", b"").decode()

    async def reads(self, text):
        async with asyncio.timeout(10):
            while text not in self.text:
                await asyncio.sleep(0.01)

    @property
    def hints(self):
        return [line[6:] for line in self.text.splitlines() if line.startswith("data: ")]


@contextlib.asynccontextmanager
async def a_running_app():
    app = LiveApp()
    steps = asyncio.Queue()
    said = asyncio.Queue()
    task = asyncio.ensure_future(app({"type": "lifespan"}, steps.get, said.put))
    await steps.put({"type": "lifespan.startup"})
    await said.get()
    await asyncio.wait_for(app.listener.is_listening.wait(), 10)
    try:
        yield app
    finally:
        await steps.put({"type": "lifespan.shutdown"})
        await asyncio.wait_for(task, 10)


def an_operation():
    with acting(Actor.system("tests")):
        ours, theirs = an_agent(), an_agent(vendor=a_vendor("melati"))
        return ours, theirs, a_specialist(), a_case()


def a_note_on(case, by, **fields):
    with acting(Actor.staff(by)):
        add_note(reference=case.reference, by=by, text="Hm", now=MONDAY_9AM, **fields)


def path_for(staff):
    return f"/live?token={make_token(staff, now=datetime.now(UTC))}"


def test_an_event_reaches_those_it_concerns_and_nobody_else(committed_db):
    ours, theirs, specialist, case = an_operation()

    async def play():
        async with a_running_app() as app:
            pages = [Page(app, path_for(staff)).open() for staff in (ours, theirs, specialist)]
            for page in pages:
                await page.reads("retry:")
            await asyncio.to_thread(apart, a_note_on, case, specialist, in_house_only=True)
            await pages[2].reads(case.reference)
            await asyncio.to_thread(apart, a_note_on, case, ours)
            await pages[0].reads(case.reference)
            pages[0].left.set()
            await asyncio.wait_for(pages[0].task, 5)
            assert pages[0].task.done() and len(app.hub.clients) == 2
        for page in pages:
            await asyncio.wait_for(page.task, 5)
        return [page.hints for page in pages]

    hints = asyncio.run(play())
    assert hints == [[f"case:{case.reference}"], [], [f"case:{case.reference}"] * 2]


def test_pages_are_told_to_look_again_when_the_database_was_away(committed_db):
    ours, *_ = an_operation()

    async def play():
        async with a_running_app() as app:
            page = Page(app, path_for(ours)).open()
            await page.reads("retry:")
            assert await asyncio.to_thread(apart, cut_off_listeners) == 1
            await page.reads("caught-up")
            return page.status

    assert asyncio.run(play()) == 200


def cut_off_listeners():
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
        )
        return cursor.fetchone()[0]


@pytest.mark.django_db
def test_uninvited_listeners_are_refused_with_a_reason():
    app, agent = LiveApp(), an_agent()
    late = make_token(agent, now=datetime.now(UTC) - LASTS)
    elsewhere = {"origin": "https://evil.example"}
    asked = [
        ("/live", {}, 401), ("/live?token=x", {}, 401), (f"/live?token={late}", {}, 401),
        (path_for(agent), elsewhere, 403), ("/other", {}, 404),
    ]  # fmt: skip

    async def play(path, headers):
        page = Page(app, path, **headers).open()
        await asyncio.wait_for(page.task, 5)
        return page.status

    for path, headers, status in asked:
        assert asyncio.run(play(path, headers)) == status


@pytest.mark.django_db
def test_a_returning_page_is_told_to_look_and_an_idle_one_hears_a_heartbeat(monkeypatch):
    monkeypatch.setattr(streaming, "HEARTBEAT_SECONDS", 0.05)
    app, agent = LiveApp(), an_agent()

    async def play():
        headers = {"origin": "http://localhost:8000", "last-event-id": "12"}
        page = Page(app, path_for(agent), **headers).open()
        await page.reads(": all is quiet")
        page.left.set()
        await asyncio.wait_for(page.task, 5)
        return page

    page = asyncio.run(play())
    assert page.hints == ["caught-up"]
    assert page.answer_headers[b"access-control-allow-origin"] == b"http://localhost:8000"
    assert page.answer_headers[b"access-control-allow-credentials"] == b"true"


@pytest.mark.django_db
def test_a_stream_ends_with_its_token():
    app = LiveApp()
    reader = Reader(1, None, True, datetime.now(UTC) + timedelta(seconds=0.2))

    async def play():
        page = Page(app)
        await asyncio.wait_for(
            streaming.stream(Client(reader), app.hub, page.receive, page.send, is_back=False), 5
        )
        return page.text

    assert "event: expired" in asyncio.run(play())


def test_granian_serves_it_and_stops_at_once_with_a_page_still_listening(committed_db, free_port):
    ours, _, _, case = an_operation()

    with a_live_process(free_port) as process, a_listening_page(free_port, ours) as page:
        assert page.readline() == b"retry: 2000\n"
        with acting(Actor.system("tests")):
            release_case(reference=case.reference, by=ours, now=MONDAY_9AM)
        while f"data: case:{case.reference}\n".encode() != page.readline():
            pass
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        process.wait(10)

    assert time.monotonic() - began < 2.5


@contextlib.contextmanager
def a_live_process(port):
    environment = {**os.environ, "CASEWARD_LIVE_PORT": str(port)}
    command = [sys.executable, "-m", "caseward.jobs", "live"]
    with subprocess.Popen(command, env=environment, start_new_session=True) as process:
        try:
            yield process
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


@contextlib.contextmanager
def a_listening_page(port, staff):
    for _ in range(100):
        with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
            try:
                connection.request("GET", path_for(staff))
            except OSError:
                time.sleep(0.1)
                continue
            with connection.getresponse() as answer:
                yield answer
            return
    raise AssertionError("granian did not start")


@pytest.fixture
def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
