"""When somebody is warned of a clock: at fractions of what was promised."""

from datetime import datetime

from caseward.core import deadlines
from caseward.policy.legal import queries as legal
from caseward.sla.measuring import Kept, facts_of
from caseward.sla.models import NOT_OUR_WORK, Clock

WARN_AT = (0.5, 0.75, 0.9)


def fractions_of(clock: Clock) -> tuple[float, ...]:
    """Return at which fractions of a promise to warn: those of its preset, or the usual ones."""
    if clock.kind in NOT_OUR_WORK:
        return ()
    preset = legal.version(clock.preset_id) if clock.preset_id else None
    return preset.warn_at if preset and preset.warn_at else WARN_AT


def first_warning(clock: Kept, fractions: tuple[float, ...] = WARN_AT) -> datetime | None:
    """Return when to warn for the first time; None while the clock is held."""
    is_held = len(clock.pauses) % 2 == 1
    if is_held or not fractions:
        return None
    return deadlines.moment_of_share(facts_of(clock), fractions[0])


def next_warning(clock: Clock, *, after: datetime) -> datetime | None:
    """Return when somebody is to be warned next after `after`; None when nobody is."""
    facts = facts_of(clock)
    moments = (deadlines.moment_of_share(facts, share) for share in fractions_of(clock))
    return next((moment for moment in moments if moment and moment > after), None)


def fraction_reached(clock: Clock, *, at: datetime) -> float:
    """Return the largest of the clock's fractions that is spent at a moment; 0 when none is."""
    spent = deadlines.share_spent(facts_of(clock), at=at)
    return max((share for share in fractions_of(clock) if share <= spent + 1e-9), default=0.0)
