"""What the person wrote is shown; history and signature are folded away, never lost."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseward.channels.email.trimming import trim
from caseward.channels.email.trimming_words import OUR_MARKER
from tests.channels.mail_samples import BODIES, FOLDER

REPLIES = sorted(FOLDER.glob("reply_trimmer/emails__*.txt"))
CRISP = sorted(FOLDER.glob("crisp_reply/*.txt"))
PARAGRAPH = (FOLDER / "crisp_reply/email_14.txt").read_text(encoding="utf-8").split("\n\n")[0]


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.parametrize("path", REPLIES, ids=lambda path: path.stem)
def test_replies_are_trimmed_as_their_collectors_expect(path: Path):
    wanted = path.with_name(path.name.replace("emails__", "trimmed__")).read_text(encoding="utf-8")
    assert squeezed(trim(path.read_text(encoding="utf-8")).visible) == squeezed(wanted)


@pytest.mark.parametrize(
    "path",
    [path for path in CRISP if path.read_text(encoding="utf-8").startswith(PARAGRAPH[:60])],
    ids=lambda path: path.stem,
)
def test_the_paragraph_above_any_quotation_is_what_was_written(path: Path):
    assert squeezed(trim(path.read_text(encoding="utf-8")).visible) == squeezed(PARAGRAPH)


@pytest.mark.parametrize(
    ("own", "history"),
    [
        (
            "मेरा खाता बंद है, 2 दिन से।",
            "सोम, 5 मई 2025 को 10:30 बजे Lumen <s@x.example> ने लिखा:\n> नमस्ते",
        ),
        ("என் கணக்கு.", "திங்., 5 மே, 2025 அன்று 10:30 மணிக்கு, Lumen <s@x.example> எழுதியது:\n> அ"),
        ("Akaun saya.", "Pada Isn, 5 Mei 2025 pada 10:30 PG Lumen <s@x.example> menulis:\n> hai"),
        ("我的账号被盗了。", "Lumen <s@x.example> 于2025年5月5日周一 10:30写道：\n> 您好"),
        ("谢谢", "------------------ 原始邮件 ------------------\n发件人: Lumen\n您好"),
        (
            "धन्यवाद",
            "प्रेषक: L <s@x.example>\nभेजा गया: 5 मई\nप्रति: a@b.example\nविषय: x\n\nनमस्ते",
        ),
        ("ok", f"{OUR_MARKER}write above this line -##\n\nhello"),
        (
            "ok",
            "_______________\nFrom: Lumen <s@x.example>\nSent: Monday\nTo: a\n\nhi",
        ),
    ],
)
def test_history_is_recognised_in_the_languages_we_serve(own: str, history: str):
    trimmed = trim(f"{own}\n\n{history}")
    assert trimmed.visible == own
    assert history.splitlines()[-1] in trimmed.quoted


def test_an_answer_below_the_quotation_is_shown():
    text = "On Mon, 5 May 2025 at 10:30, Lumen <s@x.example> wrote:\n> How old are you?\n\nI am 14."
    assert trim(text).visible == "I am 14."


def test_answers_between_quoted_lines_keep_the_questions():
    text = "On 5 May 2025, L <s@x.example> wrote:\n> Name?\n\nAsha\n\n> Age?\n\n14\n"
    assert trim(text).visible == "> Name?\n\nAsha\n\n> Age?\n\n14"


def test_a_forwarded_mail_is_kept_beside_the_text():
    text = (
        "Look at this.\n\n---------- Forwarded message ---------\nFrom: Bad <bad@x.example>\n"
        "Subject: pay\n\nSend me 100."
    )
    trimmed = trim(text)
    assert trimmed.visible == "Look at this."
    assert trimmed.forwarded.endswith("Send me 100.")
    assert trimmed.quoted == ""


def test_a_telephone_s_own_words_are_a_signature():
    assert trim("Help\n\nSent from my iPhone").signature == "Sent from my iPhone"
    assert trim("Help\n\n发自我的iPhone").signature == "发自我的iPhone"


def test_ordinary_sentences_are_left_alone():
    for text in (
        "As I wrote on 5 May 2025:\nhelp",
        "From: Delhi\nTo: Mumbai\nI travelled.",
        "On 5 May:",
    ):
        assert trim(text).visible == text


@given(st.text(max_size=2_000) | st.sampled_from(BODIES).map(lambda p: p.read_text("utf-8")))
@settings(max_examples=150, deadline=2_000)
def test_no_line_is_lost_but_announcements(text: str):
    trimmed = trim(text)
    shown = squeezed(
        "\n".join((trimmed.visible, trimmed.quoted, trimmed.signature, trimmed.forwarded))
    )
    for line in trimmed.visible.splitlines():
        assert squeezed(line) in squeezed(text.replace("\r", "\n").replace("\x00", "") + line)
    assert len(shown) <= len(text) * 2 + 10
