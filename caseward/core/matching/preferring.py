"""The soft order: one number in minutes, the sum of terms that a page can show one by one.

Everything is counted in minutes, so that a lead can argue with it: knowing the requester is worth
as much as a deadline that is twenty minutes nearer.
"""

from typing import NamedTuple

from caseward.core.matching.facts import Work, Worker

NOTHING_RUNNING = 7 * 24 * 60.0  # no clock runs: as if a week were left
PRIORITY_STEP = 15.0  # per step away from the ordinary priority 3
AGE_DIVISOR = 60.0  # an hour of waiting brings a case one minute forward
OLDEST_COUNTED = 7 * 24 * 60.0
KNOWS_THE_REQUESTER = -20.0
SHARE_WEIGHT = 10.0
PRACTICE = 15.0
EASY_MINUTES = 10.0


class Term(NamedTuple):
    """One part of a preference: what it is about and what it adds, in minutes; less goes first."""

    code: str
    minutes: float


def preference(worker: Worker, work: Work) -> tuple[Term, ...]:
    """Return why this case would come sooner or later for this person, without terms of nothing.

    Worked value: 30 minutes left, 10 to handle, priority 2, waiting for 2 hours, and the person
    knows the requester: 20 - 15 - 2 - 20 = -17 minutes.
    """
    return tuple(term for term in (*_of_work(work), *_of_both(worker, work)) if term.minutes)


def score_of(terms: tuple[Term, ...]) -> float:
    return sum(term.minutes for term in terms)


def slack(work: Work) -> float:
    """Return the minutes a case can still wait and be answered in time; negative when too late."""
    if work.minutes_left is None:
        return NOTHING_RUNNING
    return work.minutes_left - work.handling_minutes


def urgency(work: Work) -> float:
    """Return the part of a preference that is the same for everybody."""
    return sum(term.minutes for term in _of_work(work))


def _of_work(work: Work) -> tuple[Term, ...]:
    return (
        Term("deadline", slack(work)),
        Term("priority", (work.priority - 3) * PRIORITY_STEP),
        Term("age", -min(work.age_minutes, OLDEST_COUNTED) / AGE_DIVISOR),
    )


def _of_both(worker: Worker, work: Work) -> tuple[Term, ...]:
    return (
        Term("continuity", KNOWS_THE_REQUESTER if worker.id in work.known_to else 0.0),
        Term("load", worker.busy_minutes),
        Term("share", -SHARE_WEIGHT * worker.share_behind),
        Term("practice", _practice(worker, work)),
    )


def fit(worker: Worker, work: Work) -> float:
    """Return the part of a preference that differs between people, but for load and continuity."""
    return _practice(worker, work) - SHARE_WEIGHT * worker.share_behind


def _practice(worker: Worker, work: Work) -> float:
    """A newcomer's first weeks are for ordinary work: easy cases sooner, hard ones later."""
    if not worker.is_new:
        return 0.0
    return -PRACTICE if is_easy(work) else PRACTICE


def is_easy(work: Work) -> bool:
    return work.severity == 0 and work.priority >= 3 and work.handling_minutes <= EASY_MINUTES
