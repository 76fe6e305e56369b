"""E-mails as people send them: five languages, text and HTML, all different, always the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape
from random import Random

from caseward.jobs.demo import texts

LANGUAGES = ("en", "hi", "ms", "ta", "zh")
REASONS = {
    "hacked-account": "security@caseward.example",
    "lost-login": "help@caseward.example",
    "underage-ban": "age@caseward.example",
    "bullying-of-minor": "safety@caseward.example",
    "scam": "report@caseward.example",
}
FIRST_SENT_AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
SENT_FROM = {
    "en": "Sent from my phone",
    "hi": "मेरे फ़ोन से भेजा गया",
    "ms": "Dihantar dari telefon saya",
    "ta": "எனது தொலைபேசியிலிருந்து அனுப்பப்பட்டது",
    "zh": "发自我的手机",
}
POLICY = policy.SMTP.clone(cte_type="7bit")  # as servers without 8BITMIME pass it on
STYLE = (
    "body{margin:0;padding:0;background:#fff}table{border-collapse:collapse;width:100%}"
    "p{margin:0 0 12px;font:15px/1.5 Roboto,Helvetica,Arial,sans-serif;color:#202124}"
    ".signature{color:#80868b;font-size:12px;border-top:1px solid #dadce0;padding-top:8px}"
    "@media only screen and (max-width:600px){table{width:100%!important}p{font-size:16px}}"
)


@dataclass(frozen=True, slots=True)
class Letter:
    """An e-mail in its envelope, and what it says."""

    sender: str
    name: str
    recipient: str
    language: str
    subject: str
    text: str
    html: str
    content: bytes


def letters(count: int, *, batch: str) -> Iterator[Letter]:
    """Write letters that no other batch holds; the same name always gives the same letters."""
    rng = Random(f"letters {batch}")
    for number in range(count):
        yield _letter(f"{batch}-{number}", LANGUAGES[number % len(LANGUAGES)], number, rng)


def _letter(key: str, language: str, number: int, rng: Random) -> Letter:
    voice = texts.voice(language, rng)
    reason = rng.choice(list(REASONS))
    said = texts.request(reason, voice, rng)
    more = [texts.follow_up(reason, voice, rng) for _ in range(rng.randint(0, 4))]
    text = "\n\n".join([said.body, *more])
    html = _html(text, SENT_FROM[language])
    mail = _envelope(FIRST_SENT_AT + timedelta(seconds=number), rng)
    sender, recipient = f"requester.{key}@example.com", REASONS[reason]
    mail["From"], mail["To"], mail["Subject"] = (
        f'"{voice.name}" <{sender}>',
        recipient,
        said.subject,
    )
    mail.set_content(f"{text}\n\n-- \n{SENT_FROM[language]}\n", cte=_encoding(language))
    mail.add_alternative(html, subtype="html", cte=_encoding(language))
    content = mail.as_bytes()
    return Letter(sender, voice.name, recipient, language, said.subject, text, html, content)


def _envelope(sent_at: datetime, rng: Random) -> EmailMessage:
    """Return what programs on the way have written above the letter."""
    mail = EmailMessage(policy=POLICY)
    for hop in ("mx2.example.net", "out-7.example.com"):
        mail["Received"] = (
            f"from {hop} ([192.0.2.{rng.randint(1, 254)}]) by mx.caseward.example with ESMTPS"
            f" id {rng.getrandbits(64):x}; {format_datetime(sent_at)}"
        )
    mail["DKIM-Signature"] = (
        "v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.com; s=2026; h=from:to:subject:date; b="
        + " ".join(f"{rng.getrandbits(240):060x}" for _ in range(5))
    )
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = f"<{rng.getrandbits(128):032x}@mail.example.com>"
    mail["X-Mailer"] = "Example Mail 4.2"
    return mail


def _encoding(language: str) -> str:
    return "quoted-printable" if language in {"en", "ms"} else "base64"


def _html(text: str, signature: str) -> str:
    paragraphs = "".join(f"<p dir=auto>{escape(part)}</p>\r\n" for part in text.split("\n\n"))
    return (
        f"<!doctype html><html><head><meta charset=utf-8><style>{STYLE}</style></head><body>\r\n"
        f"<table role=presentation><tr><td>{paragraphs}"
        f'<p class="signature">{escape(signature)}</p></td></tr></table></body></html>\r\n'
    )
