"""Starting clocks: with a case, for a later promise, or for a stage of a legal preset."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max

from caseward.org.acting import Actor, acting
from caseward.org.catalogue import kept_per_revision
from caseward.policy.legal import queries as legal
from caseward.policy.legal.queries import Facts, Match
from caseward.policy.legal.shapes import RECEIVED, Stage
from caseward.sla import rules
from caseward.sla.measuring import deadline_of
from caseward.sla.models import NOT_OUR_WORK, Clock, Promise
from caseward.sla.warning import WARN_AT, first_warning

CLOCKS = Actor.system("clocks")


@dataclass(frozen=True, slots=True)
class PlannedClock:
    """A clock about to be started: the row that opening a case writes."""

    kind: str
    duration: timedelta
    measured: str
    site_id: int | None
    started_at: datetime
    deadline_at: datetime | None = None
    warns_at: datetime | None = None
    market: str = ""
    stage: str = ""
    preset_id: int | None = None
    is_pausable: bool = True
    because: dict[str, list[str]] = field(default_factory=dict)
    pauses: list[int] = field(default_factory=list)
    stopped_at: datetime | None = None


@kept_per_revision
def promises_of(lob_id: int, priority: int) -> list[Promise]:
    return list(Promise.objects.filter(lob_id=lob_id, priority=priority).order_by("kind"))


def planned_clocks(
    *, lob_id: int, priority: int, at: datetime, facts: Facts | None = None
) -> list[PlannedClock]:
    """Return the clocks that start with a case that begins at `at`: our promises and the law's."""
    promised = [
        planned(promise, at)
        for promise in promises_of(lob_id, priority)
        if rules.starts_when_opened(promise.kind)
    ]
    matches = legal.matching(facts, at=at) if facts else ()
    return promised + [clock for match in matches for clock in planned_stages(match, at)]


def planned(promise: Promise, at: datetime, held: Sequence[int] = ()) -> PlannedClock:
    """Return the clock of a promise; `held` is when it was held and let run on, in turns."""
    is_pausable = rules.RULES[promise.kind].is_pausable
    return _with_times(
        kind=promise.kind,
        duration=promise.duration,
        measured=promise.measured,
        site_id=promise.site_id,
        market=promise.market,
        started_at=at,
        is_pausable=is_pausable,
        pauses=list(held) if is_pausable else [],
    )


def planned_stages(match: Match, at: datetime, event: str = RECEIVED) -> list[PlannedClock]:
    """Return the clocks that an event starts under a preset."""
    return [
        planned_stage(match, stage, at) for stage in match.preset.stages if event in stage.starts
    ]


def planned_stage(match: Match, stage: Stage, at: datetime) -> PlannedClock:
    preset = match.preset
    return _with_times(
        kind=stage.kind,
        duration=stage.duration,
        measured=stage.measured,
        site_id=None,
        market=preset.jurisdiction,
        started_at=at,
        stage=preset.name_of(stage),
        preset_id=preset.version_id,
        is_pausable=stage.is_pausable,
        because=match.because,
    )


def _with_times(**values: Any) -> PlannedClock:
    clock = PlannedClock(**values)
    warn_at: tuple[float, ...] = WARN_AT
    if clock.preset_id:
        warn_at = legal.version(clock.preset_id).warn_at or WARN_AT
    if clock.kind in NOT_OUR_WORK:
        warn_at = ()
    times = {"deadline_at": deadline_of(clock), "warns_at": first_warning(clock, warn_at)}
    return PlannedClock(**{**values, **times})


def start_clock(*, case_id: int, clock: PlannedClock) -> Clock | None:
    """Start a clock on a case; None where one of its kind and stage runs already.

    One that has stopped becomes an earlier turn. Written as Caseward itself: a vendor's staff let
    clocks start by what they do, and start none by hand.
    """
    with acting(CLOCKS):
        turns = Clock.objects.filter(case_id=case_id, kind=clock.kind, stage=clock.stage)
        latest = turns.filter(turn=0).select_for_update().first()
        if latest is not None and latest.stopped_at is None:
            return None
        if latest is not None:
            latest.turn = 1 + (turns.aggregate(most=Max("turn"))["most"] or 0)
            latest.save(update_fields=["turn"])
        values = {name: getattr(clock, name) for name in PlannedClock.__slots__}
        return Clock.objects.create(case_id=case_id, **values)
