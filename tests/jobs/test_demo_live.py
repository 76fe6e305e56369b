"""Requesters of the living demo write as people's programs do, and only to this machine."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from random import Random
from urllib.error import HTTPError

import pytest

from caseward.jobs.demo import texts
from caseward.jobs.demo.live import HERE, letters, living, pages
from caseward.jobs.demo.live.answers import answers_to
from caseward.jobs.demo.live.letters import Sender
from caseward.jobs.demo.live.pages import File, Visit

ASHA = Sender("आशा", "asha@example.com", "hi")
FORM = """
<form method="post" action="/language"><input name="language" value="en"></form>
<form method="post" action="/help/age/">
  <input type="hidden" name="ticket" value="t-1">
  <input name="name"><input type="email" name="email" required>
  <input type="radio" name="reason" value="ban">
  <input type="radio" name="reason" value="birth">
  <select name="country" required>
    <option value="">…</option><option value="IN">India</option></select>
  <input type="checkbox" name="in-danger" value="on">
  <input type="checkbox" name="true" required>
  <input type="date" name="born" required><input type="url" name="link">
  <textarea name="message" required></textarea><input name="website">
  <input type="file" name="new_files">
</form>
"""


@pytest.mark.parametrize("language", texts.languages())
@pytest.mark.parametrize("seed", range(6))
def test_a_letter_says_the_same_in_every_charset(language, seed):
    random = Random(seed)
    voice = texts.voice(language, random)
    letter = texts.request("hacked-account", voice, random)
    sender = Sender(voice.name, "somebody@example.com", language)

    mail = letters.first_letter(
        sender, to="help@caseward.example", subject=letter.subject, body=letter.body, random=random
    )

    read = _read(mail.as_bytes())
    body = read.get_body(("plain",))
    assert body is not None
    assert body.get_content().strip() == letter.body.strip()
    assert read["Subject"] == letter.subject
    assert read["From"].addresses[0].display_name == voice.name


def test_an_answer_goes_to_the_signed_address_and_is_threaded():
    mail = letters.answer(ASHA, to_mail=_ours(), body="धन्यवाद", random=Random(1))

    assert mail["To"] == "help+cw-7f3k-9qx.signature@caseward.example"
    assert mail["In-Reply-To"] == "<2@caseward.example>"
    assert mail["References"] == "<1@caseward.example> <2@caseward.example>"
    assert "> Please tell us more." in mail.get_body(("plain",)).get_content()


def test_an_absent_persons_program_says_that_it_is_one():
    mail = letters.automatic_answer(ASHA, to_mail=_ours())

    assert mail["Auto-Submitted"] == "auto-replied"
    assert mail["In-Reply-To"] == "<2@caseward.example>"


def test_a_form_is_filled_in_as_its_page_asks():
    with _a_site(FORM) as site:
        visit = Visit()
        questions = visit.questions("/help/age/?lang=en")
        known = {"email": "asha@example.com", "reason": "ban", "message": "Help"}
        answers = dict(answers_to(questions, known, Random(1)))
        visit.post("/help/age/", list(answers.items()), [("new_files", File("a", "b/c", b"d"))])

    born = answers.pop("born")
    assert answers == {
        "ticket": "t-1", "name": "", "email": "asha@example.com", "reason": "ban",
        "country": "IN", "true": "on", "link": "", "message": "Help", "website": "",
    }  # fmt: skip
    assert born[:2] in {"19", "20"}
    assert b'name="new_files"; filename="a"' in site.received[0]


def test_a_redirect_to_another_machine_is_not_followed():
    with _a_site("", goes_to="http://example.com/"), pytest.raises(HTTPError, match="302"):
        Visit().questions("/")


def test_a_closed_door_is_waited_for(monkeypatch):
    waits = []
    monkeypatch.setattr(living.time, "sleep", waits.append)

    def knock() -> str:
        raise ConnectionRefusedError

    living.do(knock, otherwise=knock)

    assert waits == [living.CLOSED_PAUSE_SECONDS]


def test_who_has_nothing_to_answer_writes_anew():
    done = []

    living.do(lambda: None, otherwise=lambda: done.append("a mail") or "a mail")

    assert done == ["a mail"]


def _ours() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "help@caseward.example", ASHA.email
    mail["Reply-To"] = "help+cw-7f3k-9qx.signature@caseward.example"
    mail["Subject"], mail["Date"] = "Your case", "Tue, 24 Nov 2026 06:00:00 +0000"
    mail["Message-ID"], mail["References"] = "<2@caseward.example>", "<1@caseward.example>"
    mail.set_content("Please tell us more.")
    return mail


def _read(content: bytes) -> EmailMessage:
    return message_from_bytes(content, EmailMessage, policy=policy.default)


class _Site(HTTPServer):
    page: str
    goes_to: str
    received: list[bytes]


class _Answers(BaseHTTPRequestHandler):
    server: _Site

    def do_GET(self) -> None:
        self.send_response(302 if self.server.goes_to else 200)
        if self.server.goes_to:
            self.send_header("Location", self.server.goes_to)
        self.end_headers()
        self.wfile.write(self.server.page.encode())

    def do_POST(self) -> None:
        self.server.received.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _a_site(page: str, *, goes_to: str = "") -> Iterator[_Site]:
    with _Site((HERE, 0), _Answers) as site, pytest.MonkeyPatch.context() as patched:
        site.page, site.goes_to, site.received = page, goes_to, []
        patched.setattr(pages.settings, "PORT", site.server_port)
        thread = threading.Thread(target=site.serve_forever)
        thread.start()
        try:
            yield site
        finally:
            site.shutdown()
            thread.join()


def test_it_ends_at_once_while_it_waits_for_an_answer(monkeypatch):
    monkeypatch.setattr(living, "_work_on", _wait)

    def interrupt():
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(30)

    monkeypatch.setattr(living, "_go_on", interrupt)
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        living.live()

    assert time.monotonic() - began < 1


def _wait() -> None:
    threading.Event().wait(5)


def test_what_its_thread_fails_with_ends_it(monkeypatch):
    monkeypatch.setattr(living, "_work_on", _wait)
    monkeypatch.setattr(living, "_go_on", lambda: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        living.live()
