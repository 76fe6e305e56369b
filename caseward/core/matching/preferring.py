"""The soft order: one number in minutes, the sum of terms that a page can show one by one.

Everything is counted in minutes, so that a lead can argue with it: knowing the requester is worth
as much as a deadline that is twenty minutes nearer.
"""

from typing import NamedTuple

from caseward.core.matching.facts import Work, Worker
from caseward.core.matching.weights import USUAL, Weights

NOTHING_RUNNING = 7 * 24 * 60.0  # no clock runs: as if a week were left
OLDEST_COUNTED = 7 * 24.0  # hours
EASY_MINUTES = 10.0


class Term(NamedTuple):
    """One part of a preference: what it is about and what it adds, in minutes; less goes first."""

    code: str
    minutes: float


def preference(worker: Worker, work: Work, weights: Weights = USUAL) -> tuple[Term, ...]:
    """Return why this case would come sooner or later for this person, without terms of nothing.

    Worked value: 30 minutes left, 10 to handle, priority 2, waiting for 2 hours, and the person
    knows the requester: 20 - 15 - 2 - 20 = -17 minutes.
    """
    terms = (*_of_work(work, weights), *_of_both(worker, work, weights))
    return tuple(term for term in terms if term.minutes)


def score_of(terms: tuple[Term, ...]) -> float:
    return sum(term.minutes for term in terms)


def slack(work: Work) -> float:
    """Return the minutes a case can still wait and be answered in time; negative when too late."""
    if work.minutes_left is None:
        return NOTHING_RUNNING
    return work.minutes_left - work.handling_minutes


def urgency(work: Work, weights: Weights = USUAL) -> float:
    """Return the part of a preference that is the same for everybody."""
    return sum(term.minutes for term in _of_work(work, weights))


def _of_work(work: Work, weights: Weights) -> tuple[Term, ...]:
    return (
        Term("deadline", slack(work)),
        Term("priority", (work.priority - 3) * weights.priority),
        Term("age", -min(work.age_minutes / 60, OLDEST_COUNTED) * weights.age),
    )


def _of_both(worker: Worker, work: Work, weights: Weights) -> tuple[Term, ...]:
    return (
        Term("continuity", -weights.continuity if worker.id in work.known_to else 0.0),
        Term("load", worker.busy_minutes * weights.load),
        Term("practice", practice(worker, work, weights)),
    )


def practice(worker: Worker, work: Work, weights: Weights = USUAL) -> float:
    """A newcomer's first weeks are for ordinary work: easy cases sooner, hard ones later."""
    if not worker.is_new:
        return 0.0
    return -weights.practice if is_easy(work) else weights.practice


def is_easy(work: Work) -> bool:
    return work.severity == 0 and work.priority >= 3 and work.handling_minutes <= EASY_MINUTES
