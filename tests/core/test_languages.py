"""Languages of support texts, as people really write them."""

from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.languages import LANGUAGES, UNKNOWN, recognise

ENGLISH = [
    "My account was hacked, please help",
    "I can't log in since yesterday",
    "someone stole my account",
    "Why was I banned? I did nothing wrong.",
    "you have the wrong birthday for me",
    "PLEASEEE HELP ME",
    "How do I delete a photo of my daughter",
    "I want my money back",
    "not working",
    "hello?",
    "An adult is sending messages to my son and asking for pictures.",
    "He is threatening me",
    "Instagram login code never arrives",
    "this is a scam account",
    "they are bullying my child",
    "Dear team, kindly restore access to the profile named Saya Boleh",
    "appeal for ban",
    "I’m locked out and it says I’m 12",
]
MALAY = [
    "nak duit balik",
    "tak boleh masuk",
    "Akaun saya digodam, tolong bantu",
    "xboleh login la",
    "Saya tidak dapat log masuk ke akaun saya",
    "kenapa akaun sy kena ban",
    "mcm mana nak tukar password",
    "Ada orang guna gambar anak saya",
    "Tarikh lahir saya salah, saya berumur 25 tahun",
    "dia ugut saya nak sebar gambar",
    "penipu tu dah ambil duit aku",
    "bila nak dapat balik account ni",
    "Mohon semak semula keputusan ini",
    "terima kasih",
    "akaun palsu menggunakan nama saya",
    "kata laluan tak jalan",
    "admin tolong laa",
]
HINGLISH = [
    "mera account hack ho gaya hai",
    "bhai account wapas chahiye",
    "login nahi ho raha please help",
    "mujhe ban kyu kiya",
    "paise wapas karo",
    "meri beti ko koi ganda message bhej raha hai",
    "kisi ne mera password change kar diya",
    "umar galat dikha raha hai",
    "jaldi krdo pls",
    "mera account kaise khulega",
    "ye fake id hai meri photo use kar rahe hain",
    "OTP nahi aa raha",
    "main kya karu",
    "aap log kuch karte kyun nahi",
    "galat birthday daal diya tha",
]
TANGLISH = [
    "en account hack aagiduchu",
    "enaku login panna mudiyala",
    "password maathi kudunga",
    "yaaro en photo use panranga romba kashtama iruku",
    "enna panrathu",
]
HINDI = ["मेरा अकाउंट हैक हो गया है", "मेरा account hack हो गया please help", "मदद"]
TAMIL = ["என் கணக்கு ஹேக் செய்யப்பட்டது", "password மறந்துவிட்டது help பண்ணுங்க", "உதவி"]
CHINESE = [
    "我的账号被盗了",
    "帳號無法登入，請幫忙",
    "我的 account 被 hack 了 please help",
    "退款",
    "我的账号user123在2026年被盗了怎么办",
]


@pytest.mark.parametrize(
    ("language", "is_romanised", "text"),
    [
        (language, is_romanised, text)
        for language, is_romanised, texts in [
            ("en", False, ENGLISH),
            ("ms", False, MALAY),
            ("hi", True, HINGLISH),
            ("ta", True, TANGLISH),
            ("hi", False, HINDI),
            ("ta", False, TAMIL),
            ("zh", False, CHINESE),
        ]
        for text in texts
    ],
)
def test_the_language_of_a_support_text_is_recognised(language: str, is_romanised: bool, text: str):
    recognised = recognise(text)

    assert (recognised.language, recognised.is_romanised) == (language, is_romanised)
    assert recognised.confidence > 0.5


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "12345",
        "???",
        "😀😀",
        "https://example.com/the/help",
        "asha@example.com",
        "+91 98765",
        "xyz",
        "アカウントが盗まれました",
        "حسابي مسروق",
        "บัญชีของฉัน",
        "আমার অ্যাকাউন্ট",
        "\x00\x00",
    ],
)
def test_a_text_without_evidence_is_unknown(text: str):
    assert recognise(text) == (UNKNOWN, 0.0, False)


def test_without_evidence_the_form_decides():
    recognised = recognise("12345", prior={"ms": 3, "en": 1})

    assert recognised == ("ms", 0.75, False)


def test_the_market_tips_the_balance_of_a_doubtful_text_but_not_of_a_clear_one():
    doubtful, clear = "account ke", "Akaun saya digodam, tolong bantu saya"
    india, malaysia = {"hi": 0.6, "en": 0.4}, {"ms": 0.6, "en": 0.4}

    assert recognise(doubtful, prior=india).language == "hi"
    assert recognise(doubtful, prior=malaysia).language == "ms"
    assert recognise(clear, prior=india).language == "ms"


def test_a_name_in_another_script_does_not_make_an_english_text_chinese():
    text = "Somebody called 王伟 is using my photo and the account should be removed please"

    assert recognise(text).language == "en"


def test_a_longer_text_is_recognised_with_more_confidence():
    short, longer = "tak boleh", "tak boleh masuk, tolong bantu saya"

    assert recognise(longer).confidence > recognise(short).confidence


@pytest.mark.parametrize("prior", [{"id": 1.0}, {"en": 0}, {"en": -1}, {"en": float("nan")}])
def test_a_prior_that_makes_no_sense_is_refused(prior: dict[str, float]):
    with pytest.raises(ValueError, match="prior"):
        recognise("hello", prior=prior)


@given(st.text(max_size=300))
def test_any_text_gets_an_answer(text: str):
    language, confidence, _ = recognise(text)

    assert language in (*LANGUAGES, UNKNOWN)
    assert 0 <= confidence <= 1


@pytest.mark.parametrize("hostile", ["a" * 99_999, "\u0950" * 99_999, "a'" * 50_000, "a-" * 50_000])
def test_endless_text_takes_no_longer_than_its_beginning(hostile: str):
    assert _seconds_to_recognise(hostile) < 0.1


def _seconds_to_recognise(text: str) -> float:
    started = perf_counter()
    recognise(text)
    return perf_counter() - started
