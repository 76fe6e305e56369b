"""What a message is about, recognised by its words."""

import pytest

from caseward.policy.queries import reasons_of, topic_for
from tests.builders import a_lob, a_reason

pytestmark = pytest.mark.django_db


@pytest.fixture
def security():
    lob = a_lob()
    a_reason(
        lob,
        "hacked-account",
        priority=1,
        cues={"en": ["hacked", "taken over"], "zh": ["被盗"], "ta": ["ஹேக்"]},
    )
    a_reason(
        lob,
        "lost-login",
        priority=3,
        cues={"en": ["can't sign in", "locked out"], "hi": ["साइन इन नहीं"], "zh": ["登录不了"]},
    )
    return lob


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("My account was HACKED", "en", "hacked-account"),
        ("I can’t  sign\nin any more", "en", "lost-login"),
        ("मैं साइन इन नहीं कर पा रहा", "hi", "lost-login"),
        ("我的账号被盗了", "zh", "hacked-account"),
        ("என் கணக்கு ஹேக்காகிவிட்டது", "ta", "hacked-account"),
        ("mera account hacked ho gaya", "hi", "hacked-account"),
    ],
)
def test_a_text_is_recognised_by_its_cues(security, text, language, expected):
    assert topic_for(text, lob_id=security.pk, language=language).key == expected


def test_a_part_of_a_word_is_no_cue(security):
    assert topic_for("We went to a hackedathon", lob_id=security.pk, language="en") is None


def test_the_longer_cue_says_more_than_the_shorter(security):
    text = "I think I was hacked, and now I can't sign in"

    assert topic_for(text, lob_id=security.pk, language="en").key == "lost-login"


def test_a_tie_goes_to_the_more_urgent_reason(security):
    text = "taken over, locked out"  # ten letters and ten letters

    assert topic_for(text, lob_id=security.pk, language="en").key == "hacked-account"


def test_another_line_of_business_is_looked_at_only_when_none_is_named(security):
    integrity = a_lob("platform-integrity")
    a_reason(integrity, "scam", cues={"en": ["scammed"]})

    assert topic_for("I was scammed", lob_id=security.pk, language="en") is None
    assert topic_for("I was scammed", lob_id=None, language="en").key == "scam"


def test_an_inactive_reason_is_neither_offered_nor_recognised(security):
    a_reason(security, "old", cues={"en": ["telegram"]}, is_active=False)

    assert topic_for("about a telegram", lob_id=security.pk, language="en") is None
    assert [reason.key for reason in reasons_of(security.pk)] == ["hacked-account", "lost-login"]
