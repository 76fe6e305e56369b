"""Read the address lists people and programs really send, and write ones nobody can abuse."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from caseward.channels.email.headers import readable
from caseward.channels.email.mail import Address

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|\\.|[(),;:<>"]|[^(),;:<>"\\]+|\\')
_ATOM = r"[^\s<>()\[\],;:\"\\@]"
EMAIL = re.compile(rf"(?<![^\s<>()\[\],;:\"\\]){_ATOM}{{1,255}}@(?:{_ATOM}|@){{1,255}}")
ANGLED = re.compile(r"<\s*(?:@[^:>]*:)?\s*([^<>]*?)\s*>")
QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
LINE_BREAKS = re.compile(r"[\r\n\x00-\x1f\x7f]+")
VALID = re.compile(r"^[^\s@<>()\[\],;:\"\\\x00-\x1f]{1,64}@[^\s@<>()\[\],;:\"\\\x00-\x1f]{1,255}$")


def parse_addresses(value: str, *, most: int = 200) -> tuple[Address, ...]:
    """Return the mailboxes of an address header, groups flattened, at most `most` of them.

    Words are decoded only after the list is taken apart, so that an encoded comma cannot smuggle
    in another recipient.
    """
    found = (_mailbox(piece) for piece in _pieces(value))
    return tuple(islice((address for address in found if address), most))


def _pieces(value: str) -> Iterator[str]:
    """Yield the members of a list; commas inside quotes, comments and angles do not divide."""
    piece: list[str] = []
    comment = angle = 0
    for mark in TOKEN.findall(value):
        comment += (mark == "(") - (mark == ")" and comment > 0)
        if not comment:
            angle = {"<": 1, ">": 0}.get(mark, angle)
            if mark in ",;" and not angle:
                yield "".join(piece)
                piece = []
                continue
            if mark == ":" and not angle:
                piece = [] if "@" not in "".join(piece) else [*piece, mark]
                continue
        piece.append(mark)
    yield "".join(piece)


def _mailbox(piece: str) -> Address | None:
    piece = piece.strip()[:2_000]
    if not piece:
        return None
    angled = ANGLED.search(QUOTED.sub(lambda quoted: "_" * len(quoted[0]), piece))
    if angled and "@" in angled[1]:
        return Address(name=_name(piece[: angled.start()]), email=_clean(angled[1]))
    plain = EMAIL.search(piece) or EMAIL.search(readable(piece))
    if not plain:
        return None
    comment = re.search(r"\(([^()]*)\)", piece)
    return Address(name=_name(comment[1]) if comment else "", email=_clean(plain[0]))


def _name(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return readable(value).strip("\"' ")


def _clean(email: str) -> str:
    without_comments = re.sub(r"\([^()]*\)", "", email)
    return re.sub(r"[\s\x00-\x1f]+", "", without_comments).strip(".<>\"'")


def is_valid(email: str) -> bool:
    """Whether mail can be sent to this address without quoting or doubt."""
    return bool(VALID.match(email)) and ".." not in email


def one_line(value: str) -> str:
    """Flatten text for use in a header, so that no value can start another field."""
    return LINE_BREAKS.sub(" ", value).strip()
