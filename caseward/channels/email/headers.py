"""Read the header block of a message, however broken, without losing or believing too much."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
import string
from collections.abc import Iterator
from typing import Final

from caseward.channels.email import charsets
from caseward.channels.email.mail import Limits

BLANK_LINE = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
FIELD = re.compile(rb"^([!-9;-~]{1,100})[ \t]*:[ \t]*(.*)$", re.DOTALL)
ENCODED_WORD = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(=\?)")
CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
NOT_BASE64 = bytes(set(range(256)) - set(string.ascii_letters.encode() + b"0123456789+/"))
UNQUOTED_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\"';\s]{1,60})", re.IGNORECASE)


class Headers:
    """A message's header fields in order; names are matched without regard to case."""

    __slots__ = ("_fields", "damaged")

    def __init__(self, fields: list[tuple[str, str]], *, damaged: bool = False) -> None:
        self.damaged: Final = damaged
        self._fields: dict[str, list[str]] = {}
        for name, value in fields:
            self._fields.setdefault(name.lower(), []).append(value)

    def raw(self, name: str) -> str:
        """Return the first value as sent, encoded words undecoded; "" when there is none."""
        values = self._fields.get(name.lower())
        return values[0] if values else ""

    def text(self, name: str) -> str:
        """Return the first value as people read it."""
        return readable(self.raw(name))

    def all(self, name: str) -> list[str]:
        """Return every value of a repeated field, as sent."""
        return list(self._fields.get(name.lower(), ()))

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._fields

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((name, value) for name, values in self._fields.items() for value in values)


def split_message(raw: bytes) -> tuple[bytes, bytes]:
    """Return header block and body, divided at the first blank line."""
    start = re.match(rb"[ \t\r\n]*", raw)
    raw = raw[start.end() :] if start else raw
    blank = BLANK_LINE.search(raw)
    return (raw[: blank.start()], raw[blank.end() :]) if blank else (raw, b"")


def read(raw: bytes, *, limits: Limits | None = None) -> Headers:
    """Read the header fields at the start of `raw`.

    Lines that are no field (a mailbox separator, rubbish in between) are skipped and noted in
    `damaged`; bytes that are not ASCII are decoded by guess.
    """
    limits = limits or Limits()
    block = split_message(raw[: limits.header_bytes])[0]
    fields, damaged = [], False
    for line in _unfolded(block, limits.header_lines):
        field = FIELD.match(line)
        if field:
            fields.append((field[1].decode("ascii"), _text(field[2])))
        elif not line.startswith((b"From ", b">From ")):
            damaged = True
    return Headers(fields, damaged=damaged)


def _unfolded(block: bytes, most: int) -> list[bytes]:
    lines: list[list[bytes]] = []
    for line in block.splitlines():
        if line[:1] in b" \t" and line and lines:
            lines[-1].append(line.strip())
        elif len(lines) >= most:
            break
        elif line:
            lines.append([line.rstrip()])
    return [b" ".join(line) if len(line) > 1 else line[0] for line in lines]


def _text(value: bytes) -> str:
    if value.isascii() and b"\x00" not in value and b"\x1b" not in value:
        return value.decode("ascii")
    return charsets.decode(value)[0]


def readable(value: str) -> str:
    """Decode the encoded words of a header value and flatten it to one clean line."""
    if "=?" in value:
        value = _decoded_words(value)
    if CONTROLS.search(value):
        value = CONTROLS.sub(" ", value)
    return value.strip()


def _decoded_words(value: str) -> str:
    """Decode encoded words, joining neighbours first: many senders cut inside a character."""
    out: list[str] = []
    pending, charset, end = b"", "", 0
    value = BETWEEN_WORDS.sub(r"\1\2", value)
    for word in ENCODED_WORD.finditer(value):
        label = word[1].partition("*")[0].lower()
        if word.start() != end or label != charset:
            out += [charsets.decode(pending, charset)[0], value[end : word.start()]]
            pending, charset = b"", label
        pending += _word_bytes(word[2], word[3])
        end = word.end()
    return "".join([*out, charsets.decode(pending, charset)[0], value[end:]])


def _word_bytes(encoding: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(data.replace(b"_", b"=20"), header=False)
    return lenient_base64(data)


def lenient_base64(data: bytes) -> bytes:
    """Decode base64 as far as it goes: foreign characters skipped, missing padding supplied."""
    clean = data.translate(None, delete=NOT_BASE64)
    if len(clean) % 4 == 1:
        clean = clean[:-1]
    try:
        return base64.b64decode(clean + b"=" * (-len(clean) % 4))
    except binascii.Error:
        return data


def charset_of(content_type: str) -> str:
    """Return the charset parameter of a Content-Type value, or ""."""
    found = UNQUOTED_CHARSET.search(content_type)
    return found[1] if found else ""
