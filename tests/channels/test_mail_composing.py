"""Outgoing mail is threaded, signed, marked, and proof against injection."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from caseward.channels.email.addressing import Origin, origin_of, reference_in
from caseward.channels.email.classifying import Kind, classify
from caseward.channels.email.composing import (
    Envelope,
    NotSendable,
    Sender,
    compose_acknowledgement,
    compose_reply,
    compose_survey,
)
from caseward.channels.email.mail import Attachment
from caseward.channels.email.parsing import parse
from caseward.channels.email.trimming import trim

KEY = b"a key for tests only, 32 bytes.."
ENVELOPE = Envelope(
    sender=Sender("Lumen Support", "support@caseward.example", "caseward.example", KEY),
    to="asha@example.com",
    to_name="आशा",
    subject="Re: मेरा खाता",
    reference="CW-7F3K-9QX",
    outgoing="812",
    language="hi",
    sent_at=datetime(2026, 5, 5, 9, 0, tzinfo=UTC),
    references=("m0@example.com", "m1@example.com"),
)
RATINGS = [f"https://desk.example/r/{n}" for n in range(1, 6)]


def test_a_reply_threads_and_leads_back_to_its_case():
    message = compose_reply(ENVELOPE, text="नमस्ते\n\nहम मदद करेंगे।")
    mail = parse(message.as_bytes())
    assert reference_in(mail.reply_to[0].email, key=KEY) == "CW-7F3K-9QX"
    assert origin_of(mail.message_id, key=KEY) == Origin("CW-7F3K-9QX", "812")
    assert mail.in_reply_to == ("m1@example.com",)
    assert mail.references == ENVELOPE.references
    assert (mail.subject, mail.to[0].name) == ("Re: मेरा खाता", "आशा")
    assert mail.sent_at == ENVELOPE.sent_at
    assert message["Content-Language"] == "hi"
    assert message["Auto-Submitted"] is None
    assert "हम मदद करेंगे।" in mail.text
    assert '<html lang="hi"' in mail.html
    assert classify(mail, own_domain="caseward.example").kind == Kind.LOOP


def test_the_same_outgoing_mail_is_the_same_message_twice():
    first, second = (compose_reply(ENVELOPE, text="x")["Message-ID"] for _ in range(2))
    assert first == second


def test_what_the_requester_answers_above_our_mail_is_all_that_shows():
    ours = parse(compose_reply(ENVELOPE, text="How old are you?").as_bytes()).text
    assert trim(f"I am 14.\n\n{ours}").visible == "I am 14."


def test_a_receipt_says_that_a_program_wrote_it():
    message = compose_acknowledgement(ENVELOPE, status_url="https://desk.example/s/abc")
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    mail = parse(message.as_bytes())
    assert "CW-7F3K-9QX" in mail.text
    assert "https://desk.example/s/abc" in mail.text


def test_a_survey_offers_five_links():
    message = compose_survey(
        ENVELOPE, rating_urls=RATINGS, unsubscribe_url="https://desk.example/u"
    )
    mail = parse(message.as_bytes())
    assert all(url in mail.text and f'href="{url}"' in mail.html for url in RATINGS)
    assert message["List-Unsubscribe"] == "<https://desk.example/u>"


def test_text_cannot_become_markup_or_headers():
    evil = replace(
        ENVELOPE, subject="Hi\r\nBcc: all@example.com", to_name='A\nBcc: x" <b@example.org>'
    )
    message = compose_reply(evil, text='<script>alert(1)</script> https://x.example/?a=1&b="2')
    assert message["Bcc"] is None
    mail = parse(message.as_bytes())
    assert "bcc" not in mail.headers
    assert [address.email for address in mail.to] == ["asha@example.com"]
    assert "<script>" not in mail.html


def test_attachments_travel_as_files():
    mail = parse(
        compose_reply(
            ENVELOPE, text="x", attachments=[Attachment("दस्तावेज़.html", "text/html", b"<b>x</b>")]
        ).as_bytes()
    )
    assert mail.headers.raw("Content-Language") == "hi"
    assert (mail.attachments[0].name, mail.attachments[0].content) == ("दस्तावेज़.html", b"<b>x</b>")


@pytest.mark.parametrize(
    "address", ["", "asha", "a@b@c", "a b@example.com", "a@example.com\r\nBcc: x@y.z"]
)
def test_an_address_that_is_none_is_refused(address: str):
    with pytest.raises(NotSendable):
        compose_reply(replace(ENVELOPE, to=address), text="x")
