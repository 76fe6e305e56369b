"""Separate what a person wrote from what their mail program put around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from caseward.channels.email import trimming_words as words
from caseward.channels.email.quotations import LONGEST_LINE, cut_quotes
from caseward.channels.email.signatures import (
    cut_last_signature,
    cut_signature,
    has_text,
    without_last_rule,
)

MOST_LINES = 5_000


@dataclass(frozen=True, slots=True)
class Trimmed:
    """One body, divided: nothing is thrown away, only folded.

    `forwarded` is somebody else's message the writer wants to show us; `quoted` is history.
    """

    visible: str
    quoted: str = ""
    signature: str = ""
    forwarded: str = ""


def trim(text: str, *, subject: str = "") -> Trimmed:
    """Divide a plain-text body into what was written now, history, signature and forwarded mail.

    A reply between the quoted lines keeps them, because the answers mean nothing without; a reply
    above or below one quotation loses it. Where in doubt, text stays visible.
    """
    lines = _clean(text)
    top, rest, is_forward = _cut_hard(lines, words.FORWARD_SUBJECT.match(subject) is not None)
    if is_forward:
        return _forward(top, rest)
    kept, quoted, signature = _divide(top)
    if rest and not has_text(kept) and not quoted:
        kept, rest = rest, []
    return Trimmed(_joined(kept), _joined([*quoted, *rest]), _joined(signature))


def _divide(lines: list[str]) -> tuple[list[str], list[str], list[str]]:
    """Return what was written, what was quoted, and the signature, which may stand below both."""
    lines, last_signature = cut_last_signature(lines)
    kept, quoted = cut_quotes(lines)
    kept, signature = cut_signature(kept)
    return kept, quoted, [*signature, *last_signature]


def _forward(top: list[str], rest: list[str]) -> Trimmed:
    kept, quoted, signature = _divide(top)
    visible = kept if has_text(kept) else _without_headers(rest)
    return Trimmed(_joined(visible), _joined(quoted), _joined(signature), _joined(rest))


def _clean(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], "\n".join(lines[MOST_LINES:])]
    return lines


def _joined(lines: list[str]) -> str:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while start < end and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[start:end])


def _cut_hard(lines: list[str], is_forward: bool) -> tuple[list[str], list[str], bool]:
    """Cut at our marker, an "Original Message" line, a forward mark or a block of mail headers."""
    for number, line in enumerate(lines):
        if len(line) > LONGEST_LINE:
            continue
        if words.FORWARD.match(line) and _headers_follow(lines, number + 1):
            return lines[:number], lines[number:], True
        if line.lstrip("> ").startswith(words.OUR_MARKER) or words.ORIGINAL.match(line):
            return without_last_rule(lines[:number]), lines[number:], is_forward
        if ":" in line or "：" in line:
            size = _header_block(lines, number)
            if size and not line.lstrip().startswith(">"):
                return without_last_rule(lines[:number]), lines[number:], is_forward
    return lines, [], False


def _headers_follow(lines: list[str], start: int) -> bool:
    return any(words.HEADER.match(line) for line in lines[start : start + 5])


def _header_block(lines: list[str], start: int) -> int:
    """Return how many lines from here are the headers of a quoted mail, 0 when they are not.

    Three different fields in a row are headers; so are two with an address or date in them
    behind a ruled line.
    """
    found: set[str] = set()
    misses, end = 0, start
    for number in range(start, min(start + 14, len(lines))):
        header = words.HEADER.match(lines[number][:LONGEST_LINE])
        if header and header.lastgroup:
            found.add(next(kind for kind in _KINDS if header[kind] is not None))
            misses, end = 0, number + 1
        elif number == start or (misses := misses + 1) > 2:
            break
    if len(found - {"reply"}) >= 3 or (_after_rule(lines, start) and len(found - {"to"}) >= 2):
        return end - start
    return 0


_KINDS = ("sender", "date", "to", "subject", "reply")


def _after_rule(lines: list[str], start: int) -> bool:
    above = [line for line in lines[max(0, start - 2) : start] if line.strip()]
    return bool(above) and words.SIGNATURE_RULE.match(above[-1]) is not None


def _without_headers(lines: list[str]) -> list[str]:
    bare = [re.sub(r"^\s{0,3}>\s?", "", line) for line in lines]
    start = next((n for n in range(1, min(8, len(bare))) if words.HEADER.match(bare[n])), 1)
    blank = next((n for n in range(start, len(bare)) if not bare[n].strip()), len(bare))
    return bare[blank:]
