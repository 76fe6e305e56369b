"""E-mails as people's programs write them: charsets, HTML, pictures, quoted history."""

import html
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from random import Random

from django.utils import timezone

CHARSETS: dict[str, Sequence[str]] = {
    "en": ("us-ascii", "utf-8", "iso-8859-1", "windows-1252"),
    "ms": ("utf-8", "iso-8859-1", "us-ascii"),
    "hi": ("utf-8",),
    "ta": ("utf-8",),
    "zh": ("utf-8", "gb18030", "gb2312", "big5"),
}
WITH_HTML, WITH_PICTURE = 0.45, 0.15
AWAY = {
    "en": ("Out of office", "I am away until Monday and will read your message then."),
    "hi": ("कार्यालय से बाहर", "मैं सोमवार तक बाहर हूँ और लौटकर आपका संदेश पढ़ूँगा।"),
    "ms": ("Tiada di pejabat", "Saya bercuti hingga Isnin dan akan membaca mesej anda nanti."),
    "ta": ("அலுவலகத்தில் இல்லை", "திங்கள் வரை விடுப்பில் உள்ளேன்; வந்ததும் படிக்கிறேன்."),
    "zh": ("自动回复：外出", "我周一前不在，回来后会查看您的邮件。"),
}


@dataclass(frozen=True, slots=True)
class Sender:
    name: str
    email: str
    language: str

    @property
    def address(self) -> Address:
        return Address(self.name, addr_spec=self.email)


def first_letter(
    sender: Sender, *, to: str, subject: str, body: str, random: Random
) -> EmailMessage:
    """Return a new mail, in a charset its language is written in."""
    mail = _mail(sender, to=to, subject=subject)
    _say(mail, body, sender.language, random)
    if random.random() < WITH_PICTURE:
        mail.add_attachment(
            picture(random), maintype="image", subtype="png", filename="screenshot.png"
        )
    return mail


def answer(sender: Sender, *, to_mail: EmailMessage, body: str, random: Random) -> EmailMessage:
    """Return an answer to a mail of ours, as mail programs thread and quote it."""
    mail = _mail(sender, to=_answer_to(to_mail), subject=f"Re: {to_mail['Subject']}")
    _thread(mail, to_mail)
    _say(mail, f"{body}\n\n{_quoted(to_mail)}", sender.language, random)
    return mail


def automatic_answer(sender: Sender, *, to_mail: EmailMessage) -> EmailMessage:
    """Return what a mail program sends by itself while its owner is away."""
    subject, body = AWAY[sender.language]
    mail = _mail(sender, to=_answer_to(to_mail), subject=subject)
    _thread(mail, to_mail)
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content(body)
    return mail


def picture(random: Random) -> bytes:
    """Return a small PNG that stands for a screenshot."""
    width, height = 48, 32
    line = b"\x00" + bytes([random.randrange(60, 220)] * width)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(line * height)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    )


def _mail(sender: Sender, *, to: str, subject: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender.address, to, subject
    mail["Date"] = format_datetime(timezone.now())
    mail["Message-ID"] = make_msgid(domain=sender.email.partition("@")[2])
    return mail


def _say(mail: EmailMessage, body: str, language: str, random: Random) -> None:
    mail.set_content(body, charset=_charset(body, language, random))
    if random.random() < WITH_HTML:
        paragraphs = "".join(
            f"<p>{html.escape(part).replace('\n', '<br>')}</p>" for part in body.split("\n\n")
        )
        mail.add_alternative(f"<html><body>{paragraphs}</body></html>", subtype="html")


def _charset(body: str, language: str, random: Random) -> str:
    """Return a charset that can write the text."""
    for charset in random.sample(CHARSETS[language], len(CHARSETS[language])):
        try:
            body.encode(charset)
        except UnicodeEncodeError:
            continue
        return charset
    return "utf-8"


def _answer_to(mail: EmailMessage) -> str:
    return str(mail["Reply-To"] or mail["From"])


def _thread(mail: EmailMessage, to_mail: EmailMessage) -> None:
    before = str(to_mail["References"] or "").split()
    mail["In-Reply-To"] = str(to_mail["Message-ID"])
    mail["References"] = " ".join([*before, str(to_mail["Message-ID"])])


def _quoted(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    said = part.get_content() if part else ""
    lines = "\n".join(f"> {line}" for line in said.splitlines())
    return f"On {mail['Date']}, {mail['From']} wrote:\n{lines}"
