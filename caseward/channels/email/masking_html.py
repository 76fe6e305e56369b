"""Masking sanitized HTML: texts and attributes one by one, so that no mark is ever cut open.

Masking the markup as if it were text would eat quotation marks and tags with the secret beside
them, and what a stranger hid in an attribute would become one.
"""

from __future__ import annotations

import re
from html import escape, unescape
from urllib.parse import unquote

from caseward.core.masking import mask

INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
     "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
     "var", "wbr")
)  # fmt: skip
MARK = re.compile(r"(<[^<>]*>)")
NAME = re.compile(r"</?([a-z0-9]+)")
ATTRIBUTE = re.compile(r' ([\w-]+)="([^"]*)"')


def masked_html(safe: str) -> str:
    """Return sanitized HTML with details hidden as in text, however they are marked up.

    A detail that straddles marks, as in `asha<b>@</b>example.com`, is hidden whole and loses them.
    """
    pieces = MARK.split(safe)  # texts at even places, marks at odd ones
    pieces[1::2] = [_mark(mark) for mark in pieces[1::2]]
    start = 0
    for place in range(1, len(pieces), 2):
        if not _is_inline(pieces[place]):
            _hide(pieces, range(start, place, 2))
            start = place + 1
    _hide(pieces, range(start, len(pieces), 2))
    return "".join(pieces)


def _is_inline(mark: str) -> bool:
    name = NAME.match(mark)
    return name is not None and name[1] in INLINE


def _hide(pieces: list[str], places: range) -> None:
    """Mask the texts at these places, which a reader sees as one."""
    texts = [unescape(pieces[place]) for place in places]
    one_by_one = [mask(text).text for text in texts]
    whole = mask("".join(texts)).text
    if "".join(one_by_one) != whole:
        one_by_one = [whole, *[""] * (len(texts) - 1)]
    for place, before, after in zip(places, texts, one_by_one, strict=True):
        if before != after:
            pieces[place] = escape(after, quote=False)


def _mark(mark: str) -> str:
    return ATTRIBUTE.sub(_attribute, mark)


def _attribute(match: re.Match[str]) -> str:
    """Mask an attribute; an address that names somebody leads nowhere any more."""
    name, value = match[1], unescape(match[2])
    if name in {"href", "src"} and not value.startswith("data:"):
        return match[0] if mask(unquote(value)).text == unquote(value) else ""
    masked = value if name == "src" else mask(value).text
    return match[0] if masked == value else f' {name}="{escape(masked)}"'
