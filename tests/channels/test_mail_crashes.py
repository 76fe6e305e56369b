"""Killing the listener at any moment loses nothing that was acknowledged, and doubles nothing."""

import os
import signal
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime

import pytest
from django.conf import settings

from caseward.casework.models import Case, Message
from caseward.channels.email.receiving import take_in, take_in_left_over
from caseward.channels.models import RawMail
from caseward.org.acting import Actor, acting
from tests.builders import a_mailbox
from tests.channels.mail_samples import a_mail
from tests.channels.post import SUPPORT, free_port, stored
from tests.concurrency import at_once

ROUNDS = 5
READY_SECONDS = 30.0


@pytest.fixture
def mailbox(committed_db):
    with acting(Actor.system("tests")):
        a_mailbox()


@contextmanager
def a_mail_process(port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Run `caseward mail` as it is run for real; yield it once it answers."""
    environment = {**os.environ, "SMTP_PORT": str(port), "DATA": str(settings.DATA)}
    command = [sys.executable, "-m", "caseward.jobs", "mail"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        yield process
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    give_up_at = time.monotonic() + READY_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < give_up_at, "the listener does not answer"
            time.sleep(0.05)


def send_until_it_dies(port: int, process: subprocess.Popen[bytes], first: int) -> list[str]:
    """Send mail after mail, kill the listener in the midst of it; return what was acknowledged."""
    acknowledged = []
    with suppress(smtplib.SMTPException, OSError):
        client = smtplib.SMTP("127.0.0.1", port, timeout=10)
        for number in range(first, first + 1_000):
            name = f"Mail {number}"
            mail = a_mail(name, Message_ID=f"<{number}@example.com>")
            client.sendmail("asha@example.com", [SUPPORT], mail)
            acknowledged.append(name)
            if number - first == 7 + first % 5:
                process.send_signal(signal.SIGKILL)
    return acknowledged


def test_killed_again_and_again_it_loses_nothing_and_doubles_nothing(mailbox):
    port, acknowledged = free_port(), []
    for round_number in range(ROUNDS):
        with a_mail_process(port) as process:
            acknowledged += send_until_it_dies(port, process, round_number * 1_000)

    assert len(acknowledged) >= ROUNDS * 8
    with acting(Actor.system("tests")):
        contents = RawMail.objects.values_list("content", flat=True)
        kept = {bytes(content).rpartition(b"\r\n\r\n")[2].strip().decode() for content in contents}
    assert set(acknowledged) <= kept

    while take_in():
        continue
    take_in_left_over(before=datetime.now(UTC))  # what a killed process was just trying
    with acting(Actor.system("tests")):
        assert not RawMail.objects.filter(state="WAITING").exists()
        texts = list(Message.objects.values_list("text", flat=True))
    assert len(texts) == len(set(texts)) == len(kept)


def test_two_processes_take_in_every_mail_once(mailbox):
    with acting(Actor.system("tests")):
        for number in range(40):
            name = f"<{number}@example.com>"
            stored(a_mail(f"Mail {number}", Message_ID=name, In_Reply_To="<none@example.com>"))

    def take_all() -> int:
        total = 0
        while done := take_in(at_most=3):
            total += done
        return total

    answers = at_once([take_all, take_all])

    with acting(Actor.system("tests")):
        assert RawMail.objects.filter(state="DONE").count() == 40, answers
        assert Message.objects.count() == 40
        assert Case.objects.count() == 1  # all answer one mail that nobody has seen


def test_a_process_that_is_killed_is_followed_by_one_that_takes_in_what_it_left(mailbox):
    with acting(Actor.system("tests")):
        stored(a_mail("I was left."))
    with a_mail_process(free_port()):
        give_up_at = time.monotonic() + READY_SECONDS
        while time.monotonic() < give_up_at:
            with acting(Actor.system("tests")):
                if Case.objects.exists():
                    return
            time.sleep(0.1)
    pytest.fail("nobody took it in")


def test_it_stops_at_once_when_told_to(mailbox):
    with a_mail_process(free_port()) as process:
        process.terminate()
        assert process.wait(5) == 0
