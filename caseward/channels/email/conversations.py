"""Which case a mail belongs to: by signed reply address, by signed id, by the ids it refers to.

What we signed proves itself, whoever sends it. An id somebody else made proves nothing: anybody may
copy one, and careless programs give many mails the same. So by such an id a mail joins a case only
when its writer is the requester, or writes to the requester as well.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from caseward.channels.email.addressing import origin_of, reference_in
from caseward.channels.email.reading import storable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from caseward.channels.email.reading import Reading

LONGEST_ID = 250

# Taken in one order by everybody, so that two processes wait for each other but never in a circle.
LOCK = """
    SELECT pg_advisory_xact_lock(key) FROM (
        SELECT DISTINCT hashtextextended(value, 7) AS key FROM unnest(%s::text[]) AS value
        ORDER BY key
    ) AS keys
"""
KNOWN = """
    SELECT m.value, m.case_id, lower(coalesce(c.email, '')) FROM channels_messageid m
    LEFT JOIN casework_party p ON p.case_id = m.case_id AND p.part = 'REQUESTER'
    LEFT JOIN casework_partycontact c ON c.party_id = p.id
    WHERE m.value = ANY(%s)
"""
SIGNED = """
    SELECT k.reference, k.id, lower(coalesce(c.email, '')) FROM casework_case k
    LEFT JOIN casework_party p ON p.case_id = k.id AND p.part = 'REQUESTER'
    LEFT JOIN casework_partycontact c ON c.party_id = p.id
    WHERE k.reference = ANY(%s)
"""
REMEMBER = """
    INSERT INTO channels_messageid (value, case_id, known_at)
    SELECT * FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[])
    ON CONFLICT (value) DO NOTHING
"""


class Known(NamedTuple):
    """A case and its requester's address."""

    case_id: int
    requester: str


@dataclass(frozen=True, slots=True)
class Found:
    """The case a mail belongs to; `may_be_copy` when its own id was known before it came."""

    case_id: int
    requester: str
    is_requester: bool
    may_be_copy: bool = False


class Conversations:
    """The cases that the mails of one batch may belong to, kept up to date while it is worked."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._by_id: dict[str, Known] = {}
        self._by_reference: dict[str, Known] = {}
        self._new: list[tuple[str, int, datetime]] = []

    def look_up(self, readings: Iterable[tuple[Reading, list[str]]]) -> None:
        """Ask once for everything the mails of a batch refer to, each with its recipients."""
        ids: set[str] = set()
        references: set[str] = set()
        for reading, recipients in readings:
            ids.update(_short(found) for found in _ids(reading))
            references.update(self._references(reading, recipients))
        with connection.cursor() as cursor:
            if ids:
                cursor.execute(LOCK, [list(ids)])
                cursor.execute(KNOWN, [list(ids)])
                self._by_id = {row[0]: Known(*row[1:]) for row in cursor.fetchall()}
            if references:
                cursor.execute(SIGNED, [list(references)])
                self._by_reference = {row[0]: Known(*row[1:]) for row in cursor.fetchall()}

    def find(self, reading: Reading, recipients: list[str]) -> Found | None:
        """Return the case a mail belongs to, None when it begins a new one."""
        for reference in self._references(reading, recipients):
            if signed := self._by_reference.get(reference):
                return _found(signed, reading)
        for found in _ids(reading):
            known = self._by_id.get(_short(found))
            if known and _may_join(reading, known):
                return _found(known, reading, may_be_copy=found == _own_id(reading))
        return None

    def remember(self, reading: Reading, *, case_id: int, requester: str, at: datetime) -> None:
        """Keep the ids of a mail and of those it refers to, oldest first."""
        for place, found in enumerate(reversed(_ids(reading))):
            value = _short(found)
            if value not in self._by_id:
                self._by_id[value] = Known(case_id, requester)
                self._new.append((value, case_id, at + timedelta(microseconds=place)))

    def write(self) -> None:
        """Store what was remembered."""
        if self._new:
            with connection.cursor() as cursor:
                cursor.execute(REMEMBER, [list(column) for column in zip(*self._new, strict=True)])

    def _references(self, reading: Reading, recipients: list[str]) -> list[str]:
        """Return the references we signed, in an address first, then in an id."""
        mail = reading.mail
        named = [*recipients, *mail.delivered_to]
        named += [address.email for address in (*mail.to, *mail.cc)]
        found = [reference_in(address, key=self._key) for address in named if "+" in address]
        origins = (origin_of(made, key=self._key) for made in reading.thread_ids())
        found += [origin.reference for origin in origins if origin]
        return [reference for reference in dict.fromkeys(found) if reference]


def _found(known: Known, reading: Reading, *, may_be_copy: bool = False) -> Found:
    is_requester = known.requester in reading.addresses
    return Found(known.case_id, known.requester, is_requester, may_be_copy)


def _own_id(reading: Reading) -> str:
    return storable(reading.mail.message_id)


def _ids(reading: Reading) -> list[str]:
    """Return a mail's own id, if it has one, and then those it refers to, nearest first."""
    ids = (_own_id(reading), *reading.thread_ids())
    return list(dict.fromkeys(found for found in ids if found))


def _may_join(reading: Reading, known: Known) -> bool:
    if not known.requester:
        return False
    if known.requester in reading.addresses:
        return True
    written_to = (*reading.mail.to, *reading.mail.cc)
    return known.requester in {address.email.lower() for address in written_to}


def _short(found: str) -> str:
    """Return an id as it is stored; a monstrous one by its digest."""
    if len(found) <= LONGEST_ID:
        return found
    return f"sha256:{hashlib.sha256(found.encode()).hexdigest()}"
