"""Raw mails for tests: those other projects collected, and ones put together here."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent / "mail"
RAW = sorted([*FOLDER.glob("mikel/*.eml"), *FOLDER.glob("enmime/*.raw")])
BODIES = sorted([*FOLDER.glob("reply_trimmer/emails__*.txt"), *FOLDER.glob("crisp_reply/*.txt")])


def sample(name: str) -> bytes:
    """Return a collected mail, named by set and file."""
    return (FOLDER / name).read_bytes()


def a_mail(
    text: str | bytes = "Please help me.",
    *,
    sender: str = "Asha <asha@example.com>",
    subject: str = "My account",
    charset: str = "utf-8",
    **headers: str,
) -> bytes:
    """Return a plain mail; further headers are named with underscores for hyphens."""
    lines = [f"From: {sender}", "To: support@caseward.example", f"Subject: {subject}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    if "Content_Type" not in headers:
        lines.append(f"Content-Type: text/plain; charset={charset}")
    body = text if isinstance(text, bytes) else text.encode(charset)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
