"""Hostile mail through the real door: each ends as a case or a clear no, and costs little."""

import base64
import io
import re
import time
import zipfile

import pytest

from caseward.casework.models import Attachment, Case, MessageOriginal, Outgoing, Party
from caseward.channels.email.sanitizing import safe_html
from caseward.channels.models import RawMail
from tests.builders import a_mailbox
from tests.channels.mail_samples import a_mail
from tests.channels.post import case_of, received
from tests.channels.test_mail_hostile import BOMBS

pytestmark = pytest.mark.django_db
SECONDS = 10.0


@pytest.fixture(autouse=True)
def mailbox():
    return a_mailbox()


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_becomes_a_case_and_holds_nobody_up(name: str):
    began = time.process_time()

    raw = received(BOMBS[name]())

    assert raw.state in {RawMail.State.DONE, RawMail.State.KEPT}
    assert raw.attempts == 0
    assert time.process_time() - began < SECONDS


def test_html_with_a_script_is_kept_as_it_came_and_shown_without():
    html = "<p onclick=steal()>Hi<script>steal()</script><img src=http://evil.example/x.gif></p>"

    case = case_of(received(a_mail(html, Content_Type="text/html; charset=utf-8")))

    message = case.messages.get()
    assert message.text == "Hi"
    shown = safe_html(MessageOriginal.objects.get(message=message).html)
    assert not re.search(r"script|onclick|evil\.example", shown.html)


def test_no_header_of_a_mail_can_add_one_to_our_answer():
    raw = received(a_mail(subject="=?utf-8?Q?Hi=0D=0ABcc:_eve@evil.example?="))

    assert "\n" not in case_of(raw).title


def test_a_zip_bomb_is_refused_and_the_mail_is_read():
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 300_000_000)
    content = with_file(inner.getvalue(), "photos.zip", "application/zip")

    case = case_of(received(content))

    attachment = Attachment.objects.get(message__case=case)
    assert (case.messages.get().text, attachment.state) == ("See the file.", "REFUSED")
    assert attachment.note


def test_a_program_that_calls_itself_a_picture_is_refused():
    case = case_of(received(with_file(b"MZ\x90\x00" + b"\0" * 200, "photo.png", "image/png")))

    assert Attachment.objects.get(message__case=case).state == Attachment.State.REFUSED


@pytest.mark.parametrize("charset", ["utf-8", "x-unknown", "utf-16", "gb2312", "us-ascii", '"', ""])
def test_a_charset_that_lies_still_gives_a_text(charset: str):
    text = "मदद कीजिए".encode() + b"\xff\xfe\x80"

    raw = received(a_mail(text, Content_Type=f"text/plain; charset={charset}"))

    assert raw.state == RawMail.State.DONE
    assert case_of(raw).messages.exists()


@pytest.mark.parametrize("where", ["text", "subject", "sender", "name of a file", "id"])
def test_null_bytes_are_taken_out_wherever_they_are(where: str):
    mails = {
        "text": a_mail("a\x00b"),
        "subject": a_mail(subject="=?utf-8?B?YQBi?="),
        "sender": a_mail(sender="=?utf-8?B?YQBi?= <a\x00b@example.com>"),
        "name of a file": with_file(b"x", "a\x00b.txt", "text/plain"),
        "id": a_mail(Message_ID="<a\x00b@example.com>", In_Reply_To="<c\x00d@example.com>"),
    }

    assert received(mails[where]).state == RawMail.State.DONE


def test_half_characters_are_taken_out():
    mail = a_mail(subject="=?utf-16?B?2AA=?=", Content_Type="text/plain; charset=utf-7")

    assert received(mail).state == RawMail.State.DONE


def test_very_long_things_are_cut_and_that_is_said():
    raw = received(
        a_mail("word " * 60_000, subject="s" * 5_000, sender="n" * 900 + " <a@b.example>")
    )

    message = case_of(raw).messages.get()
    assert "was cut" in message.problem
    assert len(message.text) == 100_000
    assert len(Party.objects.get(case=case_of(raw)).name) <= 120


@pytest.mark.parametrize("sender", ["", "no address at all", "<>", "=?utf-8?Q?x?=", "@", "a@b..c"])
def test_a_mail_without_a_usable_sender_is_read_and_not_answered(sender: str):
    case = case_of(received(a_mail(sender=sender), sender="bounces@list.example"))

    assert case.messages.get().text == "Please help me."
    assert not Outgoing.objects.exists()


def test_an_id_of_monstrous_length_still_threads():
    long = "a" * 2_000
    first = received(a_mail(Message_ID=f"<{long[:800]}@example.com>"))
    second = received(a_mail("More", In_Reply_To=f"<{long[:800]}@example.com>"))

    assert second.case == case_of(first)
    assert Case.objects.count() == 1


def with_file(content: bytes, name: str, kind: str) -> bytes:
    return (
        b"From: Asha <asha@example.com>\r\nTo: support@caseward.example\r\nSubject: File\r\n"
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nSee the file.\r\n--b\r\n"
        + f'Content-Type: {kind}; name="{name}"\r\n'.encode()
        + f'Content-Disposition: attachment; filename="{name}"\r\n'.encode()
        + b"Content-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(content)
        + b"\r\n--b--\r\n"
    )
