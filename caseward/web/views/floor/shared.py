"""The picture of a part of the floor, worked out once for all who look at that part.

Whoever opened the page was asked who they are, and their page got a token that says what they may
see. With it the page asks again and again, and costs neither a session nor a query: 500 pages on
the same part of the floor cost what one costs.
"""

import gzip
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.core import signing
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe

from caseward.casework.floor.people import Scope
from caseward.casework.floor.reading import Facts, read_floor
from caseward.org.acting import Actor, acting
from caseward.web.views.floor import drawing, flow
from caseward.web.views.floor.spacing import Spaced
from caseward.web.views.floor.times import exact

SALT = "caseward.web.floor"
LASTS = timedelta(minutes=15)
SYSTEM = Actor.system("floor")
PACKING = 5  # of 9: a tenth of the length, for two milliseconds a second


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a page shows: a part of the floor, in a language, with times of a zone."""

    scope: Scope
    language: str
    zone: str
    show: str = ""
    after: int = 0
    may_move: bool = False
    is_wall: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """HTML, the moment it shows, also in words, and letters that stand for its content.

    It is packed once for all who ask. Nothing in it is secret from its reader, so its length tells
    nobody anything.
    """

    html: SafeString
    packed: bytes
    at: datetime
    as_of: str
    content: str


class NotValid(Exception):
    """The token was tampered with or has expired: open the page again."""


def picture(wanted: Wanted) -> Picture:
    """Return what a page shows, less than a second old."""
    return _pictures.get(wanted)


def facts() -> Facts:
    """Return what goes on, less than a second old."""
    return _facts.get(None)


def newer_in() -> float:
    """Return in how many seconds there may be a newer picture."""
    return _facts.due_in(None)


def forget_pictures() -> None:
    """Show what this transaction changed as soon as it has committed."""
    transaction.on_commit(forget)


def token_for(wanted: Wanted, *, now: datetime) -> str:
    """Return a token with which a page may ask again for a quarter of an hour."""
    scope = wanted.scope
    facts = [
        [sorted(scope.lob_ids), scope.lob_id, scope.vendor_id, scope.site_id, scope.team_id],
        [wanted.language, wanted.zone, wanted.show, wanted.after],
        [wanted.may_move, wanted.is_wall],
        int((now + LASTS).timestamp()),
    ]
    return signing.dumps(facts, salt=SALT, compress=True)


def wanted_by(token: str, *, now: datetime) -> Wanted:
    """Return what a token was made for.

    Raises:
        NotValid: see there.
    """
    try:
        scope, words, rights, expires = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise NotValid from None
    if now.timestamp() >= expires:
        raise NotValid
    lobs, *chosen = scope
    columns = ("lob_id", "vendor_id", "site_id", "team_id")
    part = Scope(lob_ids=frozenset(lobs), **dict(zip(columns, chosen, strict=True)))
    language, zone, show, after = words
    may_move, is_wall = rights
    return Wanted(
        scope=part,
        language=language,
        zone=zone,
        show=show,
        after=after,
        may_move=may_move,
        is_wall=is_wall,
    )


def _read(_: None) -> Facts:
    with acting(SYSTEM):
        return read_floor(now=timezone.now())


def _shows_now(picture: Picture) -> bool:
    return picture.at == facts().at


def _draw(wanted: Wanted) -> Picture:
    now = facts()
    with (
        acting(SYSTEM),
        translation.override(wanted.language),
        timezone.override(ZoneInfo(wanted.zone)),
    ):
        context = _context(now, wanted)
        template = "floor/wall.html" if wanted.is_wall else "floor/floor.html"
        # Jinja2 escapes every value.
        html = mark_safe(render_to_string(template, context, using="jinja2"))  # noqa: S308
        as_of = exact(now.at)
    plain = html.encode()
    content = sha256(plain).hexdigest()[:16]
    return Picture(html, gzip.compress(plain, PACKING), now.at, as_of, content)


def _context(now: Facts, wanted: Wanted) -> dict[str, Any]:
    if wanted.is_wall:
        return drawing.wall(now, wanted.scope)
    return drawing.floor(
        now, wanted.scope, show=wanted.show, after=wanted.after, may_move=wanted.may_move
    )


def forget() -> None:
    """Work everything out anew when it is next asked for."""
    _facts.forget()
    _pictures.forget()
    flow.forget()


def as_wall(wanted: Wanted) -> Wanted:
    """Return the same part of the floor for a screen on a wall: no people, nothing to press."""
    return replace(wanted, is_wall=True, show="", after=0, may_move=False)


# Pages are told of changes once a second, and what they then get is newer than the last time.
_facts: Spaced[None, Facts] = Spaced(_read, seconds=0.6)
_pictures: Spaced[Wanted, Picture] = Spaced(_draw, seconds=0, is_current=_shows_now)
