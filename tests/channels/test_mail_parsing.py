"""What arrives becomes readable, whatever its charset, structure or damage."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from caseward.channels.email.mail import Address, Unparsable
from caseward.channels.email.parsing import parse
from tests.channels.mail_samples import RAW, a_mail, sample


@pytest.mark.parametrize("path", RAW, ids=lambda path: path.name)
def test_every_collected_mail_is_read_or_set_aside(path: Path):
    try:
        mail = parse(path.read_bytes())
    except Unparsable:
        assert path.name == "mail__erroneous.raw"
        return
    assert "\x00" not in mail.text + mail.subject + mail.html


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("我的账号被盗了，请帮帮我。", "gb2312"),
        ("我的账号被盗了，请帮帮我。", "gb18030"),
        ("我的帳號被盜了，請幫幫我。", "big5"),
        ("アカウントが乗っ取られました。", "iso-2022-jp"),
        ("アカウントが乗っ取られました。", "shift_jis"),
        ("계정이 도용되었습니다.", "ks_c_5601-1987"),
        ("Мой аккаунт взломали.", "koi8-r"),
        ("Мой аккаунт взломали.", "windows-1251"),
        ("Mon compte a été piraté – aidez-moi !", "windows-1252"),
        ("मेरा खाता हैक हो गया है।", "utf-8"),
        ("என் கணக்கு திருடப்பட்டது.", "utf-8"),
        ("Mein Konto wurde übernommen.", "utf-7"),
        ("मेरा खाता", "utf-16"),
    ],
)
def test_text_survives_in_the_charset_it_was_sent_in(text: str, charset: str):
    python_name = {"ks_c_5601-1987": "cp949"}.get(charset, charset)
    raw = a_mail(text.encode(python_name), Content_Type=f"text/plain; charset={charset}")
    assert parse(raw).text == text


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("我的账号被盗了，请你们帮我看看这是怎么回事，谢谢。", "gb18030"),
        ("我的帳號被盜了，請你們幫我看看這是怎麼回事，謝謝。", "big5"),
        ("わたしのアカウントがのっとられました。たすけてください。", "shift_jis"),
        ("계정이 도용되었습니다. 도와주세요.", "cp949"),
        ("Мой аккаунт взломали, помогите пожалуйста.", "windows-1251"),
        ("Мой аккаунт взломали, помогите пожалуйста.", "koi8-r"),
        ("Votre réponse a été très utile", "windows-1252"),
        ("मेरा खाता", "utf-8"),
    ],
)
def test_unlabelled_text_is_guessed(text: str, charset: str):
    assert parse(a_mail(text.encode(charset), Content_Type="text/plain")).text == text


def test_utf8_under_a_wrong_label_is_still_read_as_utf8():
    mail = parse(a_mail("Müller – ok".encode(), Content_Type="text/plain; charset=iso-8859-1"))
    assert mail.text == "Müller – ok"
    assert mail.defects == ("guessed: charset iso-8859-1",)


def test_an_unknown_charset_does_not_lose_the_text():
    assert (
        parse(a_mail("Grüße".encode(), Content_Type="text/plain; charset=x-none")).text == "Grüße"
    )


def test_encoded_words_cut_inside_a_character_are_joined():
    raw = a_mail(subject="=?utf-8?B?4KSu4KQ=?= =?utf-8?B?viBhYg==?=")
    assert parse(raw).subject == "मा ab"


def test_raw_bytes_in_a_subject_are_guessed():
    raw = (
        b"From: a@example.com\r\nSubject: "
        + "账号被盗了请你们帮我".encode("gb18030")
        + b"\r\n\r\nx"
    )
    assert parse(raw).subject == "账号被盗了请你们帮我"


def test_headers_are_taken_apart():
    mail = parse(
        a_mail(
            sender='"Rao, Asha" <asha@example.com>',
            Cc="team: b@example.com, c@example.com;",
            Date="Mon, 5 May 2025 10:30:00 +0530",
            Message_ID="<m1@example.com>",
            In_Reply_To="<m0@caseward.example>",
            References="<a@x.example> <m0@caseward.example>",
            Delivered_To="support@caseward.example",
        )
    )
    assert mail.sender == Address("Rao, Asha", "asha@example.com")
    assert [address.email for address in mail.cc] == ["b@example.com", "c@example.com"]
    assert mail.sent_at == datetime(2025, 5, 5, 5, 0, tzinfo=UTC)
    assert mail.message_id == "m1@example.com"
    assert mail.in_reply_to == ("m0@caseward.example",)
    assert mail.references == ("a@x.example", "m0@caseward.example")
    assert mail.delivered_to == ("support@caseward.example",)


def test_an_encoded_comma_adds_no_sender():
    assert parse(
        a_mail(sender="=?utf-8?q?A=2C_b=40evil.example?= <a@example.com>")
    ).sender == Address("A, b@evil.example", "a@example.com")


def test_html_only_becomes_readable_text():
    html = (
        "<style>p{}</style><h1>Hello</h1><p>My account <a href='https://x.example/a'>here</a> is "
        "gone.<br>Please help</p><ul><li>one</li><li>two</li></ul><ol start=3><li>three</ol>"
        "<blockquote>old words</blockquote>"
    )
    assert parse(a_mail(html, Content_Type="text/html; charset=utf-8")).text == (
        "Hello\n\nMy account here <https://x.example/a> is gone.\nPlease help\n\n- one\n- two\n\n"
        "3. three\n\n> old words\n>"
    )


def test_inline_images_files_and_forwarded_mail_are_told_apart():
    raw = sample("mikel/attachment_emails__attachment_message_rfc822_inline_image.eml")
    mail = parse(raw)
    assert [attachment.name for attachment in mail.attachments] == ["img.png", "Testmail.eml"]
    assert mail.attachments[0].is_inline
    assert mail.forwarded[0].subject == "Another PDF"


def test_a_uuencoded_file_in_the_text_becomes_an_attachment():
    mail = parse(a_mail("See this:\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nThanks"))
    assert (mail.attachments[0].name, mail.attachments[0].content) == ("cat.txt", b"Cat")
    assert mail.text == "See this:\n\nThanks"


def test_broken_base64_is_read_as_far_as_it_goes():
    mail = parse(sample("enmime/low-quality__malformed-base64-attach.raw"))
    assert mail.attachments[0].name == "some.doc"
    assert "repaired: structure" in mail.defects


def test_a_multipart_without_boundary_keeps_its_words():
    mail = parse(sample("enmime/mail__multipart-wo-boundary.raw"))
    assert mail.text == "I'm  multipart message without boundary"


def test_flowed_lines_are_joined():
    raw = a_mail(
        "one \r\ntwo\r\n> a \r\n> b\r\n-- \r\nme", Content_Type="text/plain; format=flowed"
    )
    assert parse(raw).text == "one two\n> a b\n-- \nme"


def test_bytes_that_are_no_mail_are_refused():
    with pytest.raises(Unparsable):
        parse(b"\x00\x01 no header here")
