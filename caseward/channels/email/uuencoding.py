"""Decode uuencoded files, which old programs paste straight into a text."""

from __future__ import annotations

import binascii
import re

BLOCK = re.compile(
    rb"^begin [0-7]{3,4} ([^\r\n]{1,255})\r?\n((?:[ -`][ -~]*\r?\n)*?)(?:[ `]?\r?\n)?end[ \t]*\r?$",
    re.MULTILINE,
)


def decode(data: bytes) -> bytes:
    """Return the content of the first uuencoded file, or the data itself when there is none."""
    block = BLOCK.search(data)
    return _lines(block[2]) if block else data


def take_out(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """Return the text without its uuencoded files, and those files as (name, content)."""
    if "begin " not in text or "\nend" not in text:
        return text, []
    data = text.encode("utf-8", "replace")
    files = [(m[1].decode("utf-8", "replace"), _lines(m[2])) for m in BLOCK.finditer(data)]
    return BLOCK.sub(b"", data).decode("utf-8", "replace"), files


def _lines(body: bytes) -> bytes:
    return b"".join(_line(line) for line in body.splitlines() if line.strip())


def _line(line: bytes) -> bytes:
    try:
        return binascii.a2b_uu(line)
    except binascii.Error:  # trailing rubbish: take as many characters as the first one promises
        wanted = (((line[0] - 32) & 63) * 4 + 5) // 3
        try:
            return binascii.a2b_uu(line[:wanted])
        except binascii.Error:
            return b""
