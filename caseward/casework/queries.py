"""Questions about cases: the search that the desk and the JSON interface share."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.utils import CursorWrapper
from psycopg import errors

from caseward.casework import access
from caseward.casework.models import Case
from caseward.core.references import find_references, parse_reference
from caseward.ledger.models import Chain
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember

PATIENCE_SECONDS = 3
MOST_WORDS = 8
LONGEST_TEXT = 200


class SearchTooBroad(Exception):
    """The search was ended because it took too long; a rarer or longer word helps."""


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what was found, newest first; `before` asks for the next, None at the end."""

    cases: list[Case]
    before: int | None


# Newest first by primary key, so that a word many cases have is found without reading them all,
# while the trigram index serves rare words; PostgreSQL chooses between the two.
TITLES = """
    SELECT c.id FROM casework_case c
    WHERE {scope} AND c.id < %s AND {words}
    ORDER BY c.id DESC LIMIT %s
"""
MESSAGES = """
    SELECT DISTINCT m.case_id FROM casework_message m JOIN casework_case c ON c.id = m.case_id
    WHERE {scope} AND m.case_id < %s AND {words}
    ORDER BY m.case_id DESC LIMIT %s
"""
EVERYTHING = 2**62


def search(*, by: StaffMember, text: str, limit: int = 50, before: int | None = None) -> Found:
    """Return cases somebody may see whose title or messages contain every word of `text`.

    References in the text are found first, however they are written. No text finds every case.

    Raises:
        SearchTooBroad: no answer within three seconds.
    """
    text = unicodedata.normalize("NFC", text.replace("\0", " ")).strip()[:LONGEST_TEXT]
    exact = _named(by, text) if before is None else []
    ids = _ids(by, text.split()[:MOST_WORDS], limit=limit + 1, before=before or EVERYTHING)
    page, has_more = ids[:limit], len(ids) > limit
    seen = {case.pk for case in exact}
    # Read again as the person: what row-level security hides is not shown whatever was found.
    cases = access.visible_cases(by).select_related("lob", "reason", "vendor").in_bulk(page)
    rest = [cases[pk] for pk in page if pk in cases and pk not in seen]
    return Found([*exact, *rest], page[-1] if has_more else None)


def _named(by: StaffMember, text: str) -> list[Case]:
    whole = parse_reference(text)
    references = [whole] if whole else find_references(text)
    cases = access.visible_cases(by).select_related("lob", "reason", "vendor")
    return list(cases.filter(reference__in=references).order_by("-pk")) if references else []


def _ids(by: StaffMember, words: Sequence[str], *, limit: int, before: int) -> list[int]:
    """Search as Caseward itself with the person's own filters written out.

    Under a vendor's policy PostgreSQL would have to check row by row before it may compare texts,
    and no index could serve the words.
    """
    scope, values = _scope(by)
    try:
        with acting(Actor.system("search")), connection.cursor() as cursor:
            cursor.execute("SHOW statement_timeout")
            usual = cursor.fetchone()[0]
            _set_patience(cursor, f"{PATIENCE_SECONDS}s")
            found: set[int] = set()
            for question, column in _questions(by, words):
                sql = question.format(scope=scope, words=_all(words, column))
                cursor.execute(sql, [*values, before, *map(_pattern, words), limit])
                found.update(row[0] for row in cursor)
            _set_patience(cursor, usual)
    except OperationalError as problem:
        if isinstance(problem.__cause__, errors.QueryCanceled):
            raise SearchTooBroad(" ".join(words)) from problem
        raise
    return sorted(found, reverse=True)[:limit]


def _questions(by: StaffMember, words: Sequence[str]) -> list[tuple[str, str]]:
    if not words:
        return [(TITLES, "c.title")]
    open_to_vendors = MESSAGES.replace("{scope}", "{scope} AND NOT m.in_house_only")
    return [(TITLES, "c.title"), (open_to_vendors if by.vendor_id else MESSAGES, "m.text")]


def _scope(by: StaffMember) -> tuple[str, list[Any]]:
    lobs = sorted(access.lobs_of(by))
    if by.vendor_id:
        return "c.lob_id = ANY(%s) AND c.vendor_id = %s", [lobs, by.vendor_id]
    return "c.lob_id = ANY(%s)", [lobs]


def _all(words: Sequence[str], column: str) -> str:
    return " AND ".join([f"{column} ILIKE %s"] * len(words)) or "true"


def _pattern(word: str) -> str:
    escaped = word.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{escaped}%"


def _set_patience(cursor: CursorWrapper, value: str) -> None:
    cursor.execute("SELECT set_config('statement_timeout', %s, true)", [value])


def cases_without_events() -> list[int]:
    """Return the cases the ledger knows nothing of: none, for each was opened with an event."""
    return list(
        Case.objects.exclude(pk__in=Chain.objects.values("case_id"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
