"""Cases as the matcher sees them, and what it found in a form that the ledger keeps."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from caseward.casework.models import Case
from caseward.core.matching import Term, Weights, Work, score_of
from caseward.core.matching.weights import CODES
from caseward.org import planned
from caseward.routing import queries as routing
from caseward.routing.needing import work_for

PRIVATE = frozenset({"exposure", "opted_out"})
"""Nobody's business but the person's: everybody else hears that there was no room."""

TIES = """
    SELECT true, case_id, staff_id FROM casework_who_knows(
        %(cases)s::bigint[], %(people)s::bigint[])
    UNION ALL SELECT false, case_id, staff_id FROM casework_who_had_a_part(
        %(cases)s::bigint[], %(people)s::bigint[])
"""


class Waiting(NamedTuple):
    """What of a waiting case decides who gets it."""

    id: int
    queue_id: int
    reason_id: int | None
    urgency: int
    priority: int
    channel: str
    opened_at: datetime


class Ties(NamedTuple):
    """Who answered the requester of a case before, and who may not because of what they did."""

    known_to: Mapping[int, frozenset[int]]
    excluded: Mapping[int, frozenset[int]]


def ties_of(case_ids: Sequence[int], people: Sequence[int]) -> Ties:
    """Return what ties people to cases, asked with two indexed look-ups for all of them."""
    rows = planned.rows(TIES, {"cases": list(case_ids), "people": list(people)})
    return Ties(_grouped(rows, knows=True), _grouped(rows, knows=False))


def _grouped(rows: Iterable[tuple[bool, int, int]], *, knows: bool) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = {}
    for kind, case_id, staff_id in rows:
        if kind is knows:
            found.setdefault(case_id, set()).add(staff_id)
    return {case_id: frozenset(people) for case_id, people in found.items()}


def as_works(waiting: Sequence[Waiting], *, for_whom: Sequence[int], now: datetime) -> list[Work]:
    """Return waiting cases as the matcher sees them for these people."""
    ties = ties_of([case.id for case in waiting], for_whom)
    return [_work(case, ties, now) for case in waiting]


def case_as_work(case: Case, *, for_whom: Sequence[int], now: datetime) -> Work:
    facts = Waiting(
        case.pk,
        case.queue_id,
        case.reason_id,
        case.urgency,
        case.priority,
        case.channel,
        case.opened_at,
    )
    return as_works([facts], for_whom=for_whom, now=now)[0]


def _work(case: Waiting, ties: Ties, now: datetime) -> Work:
    return work_for(
        case_id=case.id,
        queue=routing.queues()[case.queue_id],
        reason_id=case.reason_id,
        channel=case.channel,
        priority=case.priority,
        due_at=due_at(case.urgency),
        opened_at=case.opened_at,
        now=now,
        excluded=ties.excluded.get(case.id, frozenset()),
        known_to=ties.known_to.get(case.id, frozenset()),
    )


def due_at(urgency: int) -> datetime | None:
    """Return the tightest running deadline that an urgency stands for."""
    second = urgency // 10
    return None if second >= Case.NOTHING_RUNNING else datetime.fromtimestamp(second, UTC)


def reasons_kept(
    terms: Sequence[Term], weights: Weights, *, of: int, refused: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Return why a choice was made, as an event keeps it.

    Args:
        terms: The minutes each consideration counted.
        weights: What each was worth at that moment; kept for those that counted.
        of: How many cases, or people, it was chosen from.
        refused: Of how many others which hard rule spoke against them.

    Whoever reads the ledger learns of nobody's limits and wishes: those were no room.
    """
    told = Counter[str]()
    for code, count in (refused or {}).items():
        told["capacity" if code in PRIVATE else code] += count
    return {
        "score": round(score_of(tuple(terms)), 1),
        "terms": {term.code: round(term.minutes, 1) for term in terms},
        "weights": {term.code: getattr(weights, term.code) for term in terms if term.code in CODES},
        "of": of,
        "refused": dict(told),
    }
