"""Input made to harm costs little and never raises anything unexpected."""

import random
import time
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseward.channels.email.classifying import classify
from caseward.channels.email.mail import Limits, TooMuch, Unparsable
from caseward.channels.email.parsing import parse
from caseward.channels.email.trimming import trim
from tests.channels.mail_samples import RAW, a_mail

START = b"From: a@example.com\r\nSubject: x\r\n"
BOMBS: dict[str, Callable[[], bytes]] = {
    "10,000 recipients": lambda: (
        START
        + b"To: "
        + b",\r\n ".join(b"u%d@example.com" % n for n in range(10_000))
        + b"\r\n\r\nhi"
    ),
    "300 levels": lambda: (
        START
        + b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
            for n in range(300)
        )
    ),
    "200 mails in each other": lambda: (
        START + b"Content-Type: message/rfc822\r\n\r\n" * 200 + b"a" * 3_000_000
    ),
    "100,000 parts": lambda: (
        START + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n\r\n\r\n" * 100_000
    ),
    "100,000 headers": lambda: (
        START + b"".join(b"X-%d: y\r\n" % n for n in range(100_000)) + b"\r\nx"
    ),
    "half encoded words": lambda: START + b"X: " + b"=?" * 500_000 + b"\r\n\r\nx",
    "endless reference": lambda: START + b"References: " + b"a" * 1_000_000 + b"\r\n\r\nx",
    "endless address": lambda: START + b"To: " + b"a" * 1_000_000 + b"\r\n\r\nx",
    "quotes": lambda: START + b"To: " + b'"\\' * 500_000 + b"\r\n\r\nx",
    "bad base64": lambda: (
        START
        + b"Content-Type: a/b\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + b"!!!!\r\n" * 500_000
    ),
    "NUL bytes": lambda: START + b"\r\n" + b"a\x00" * 500_000,
    "one long line": lambda: START + b"\r\n" + b"x" * 5_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_read_or_refused_quickly(name: str):
    raw = BOMBS[name]()
    started = time.process_time()
    try:
        mail = parse(raw)
        trim(mail.text)
        classify(mail, own_domain="caseward.example")
        assert "\x00" not in mail.text
    except TooMuch as refusal:
        assert str(refusal).endswith(".")
    assert time.process_time() - started < 4


def test_recipients_beyond_the_limit_are_left_out_and_that_is_said():
    mail = parse(BOMBS["10,000 recipients"]())
    assert len(mail.to) == Limits().recipients
    assert "left out: recipients beyond the first 200" in mail.defects


def test_a_mail_over_the_limit_is_refused_with_the_limit_named():
    with pytest.raises(TooMuch, match="at most 100 are read"):
        parse(a_mail("x" * 200), limits=Limits(raw_bytes=100))


def test_what_decodes_to_too_much_is_refused():
    with pytest.raises(TooMuch, match="decodes to more than 1000 bytes"):
        parse(a_mail("x" * 5_000), limits=Limits(decoded_bytes=1_000))


def test_injected_lines_in_a_header_stay_in_that_header():
    mail = parse(a_mail(subject="=?utf-8?q?Hi=0D=0ABcc:_x@example.com?="))
    assert mail.subject == "Hi Bcc: x@example.com"


def survives(raw: bytes) -> None:
    try:
        mail = parse(raw)
    except Unparsable:
        return
    trim(mail.text, subject=mail.subject)
    classify(mail, own_domain="caseward.example")
    (mail.subject + mail.text + mail.html + mail.sender.email).encode()


@given(st.binary(max_size=3_000))
@settings(max_examples=200, deadline=2_000)
def test_any_bytes_are_survived(raw: bytes):
    survives(raw)
    survives(START + raw)


@given(st.sampled_from(RAW), st.integers(min_value=0), st.binary(min_size=1, max_size=40))
@settings(max_examples=300, deadline=3_000)
def test_any_damage_to_a_real_mail_is_survived(path, seed: int, rubbish: bytes):
    damaged = bytearray(path.read_bytes())
    chance = random.Random(seed)
    for _ in range(chance.choice((1, 4, 20))):
        place = chance.randrange(len(damaged) + 1)
        damaged[place : place + chance.randrange(30)] = rubbish
    survives(bytes(damaged))
