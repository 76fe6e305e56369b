"""Telling the clocks of a case what happened: the one place that reads their rules."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from caseward.org.acting import acting
from caseward.policy.legal import queries as legal
from caseward.policy.legal.queries import Facts, Match
from caseward.sla import rules
from caseward.sla.models import Clock, ClockKind
from caseward.sla.queries import current
from caseward.sla.services.keeping import settle_erasure
from caseward.sla.services.starting import (
    CLOCKS,
    PlannedClock,
    planned,
    planned_stages,
    promises_of,
    start_clock,
)
from caseward.sla.services.stopping import stop

KEPT_OR_ERASED = (ClockKind.PRESERVATION, ClockKind.ERASURE)


class ClockedCase(Protocol):
    """What clocks need to know of a case."""

    pk: Any
    lob_id: int
    priority: int
    reason_id: int | None
    country: str
    tags: list[str]
    opened_at: datetime


@dataclass(slots=True)
class Moved:
    """Which clocks an event started and stopped."""

    started: list[Clock] = field(default_factory=list)
    stopped: list[Clock] = field(default_factory=list)

    def met(self, kind: str) -> bool | None:
        """Say whether our promise of a kind was kept; None where no such clock was stopped."""
        return next(
            (clock.was_met for clock in self.stopped if clock.kind == kind and not clock.stage),
            None,
        )


def facts_of_case(case: ClockedCase) -> Facts:
    return Facts(country=case.country, reason_id=case.reason_id, tags=case.tags)


def happened(case: ClockedCase, event: str, *, at: datetime) -> Moved:
    """Stop, start and chain the clocks of a case as its rules say; its row is locked already.

    Args:
        event: The kind of the ledger event, such as `message.sent` or `legal.decided`.
    """
    moved = Moved()
    if event not in rules.heard():
        return moved
    clocks = list(current(case.pk).select_for_update())
    for clock in clocks:
        if clock.stopped_at is None and event in rules.stops(
            clock.kind, clock.stage, clock.preset_id
        ):
            stop(clock, at=at)
            moved.stopped.append(clock)
    for plan in [*_promised(case, event, clocks, at), *_chained(case, event, clocks, at)]:
        if started := start_clock(case_id=case.pk, clock=plan):
            moved.started.append(started)
    if any(clock.kind in KEPT_OR_ERASED for clock in moved.started):
        settle_erasure(case.pk)
    return moved


def presets_of(case: ClockedCase) -> list[Match]:
    """Return the presets a case falls under."""
    return presets_on(case, list(current(case.pk).exclude(stage="")))


def is_awaited(case_id: int, event: str) -> bool:
    """Say whether a clock of a case runs that an event would stop."""
    running = current(case_id).filter(stopped_at__isnull=True)
    told = running.values_list("kind", "stage", "preset_id")
    return any(event in rules.stops(*clock) for clock in told)


def _promised(
    case: ClockedCase, event: str, clocks: list[Clock], at: datetime
) -> list[PlannedClock]:
    """Return what our own promises start now."""
    if not any(event in rule.starts for rule in rules.RULES.values()):
        return []
    running = {clock.kind for clock in clocks if clock.stopped_at is None and not clock.stage}
    return [
        planned(promise, at)
        for promise in promises_of(case.lob_id, case.priority)
        if (rule := rules.RULES.get(promise.kind))
        and event in rule.starts
        and promise.kind not in running
        and rule.unless_running not in running
    ]


def _chained(
    case: ClockedCase, event: str, clocks: list[Clock], at: datetime
) -> list[PlannedClock]:
    """Return the next stages of the presets the case falls under; each stage opens the next."""
    if not event.startswith("legal."):
        return []
    name = event.removeprefix("legal.")
    return [
        clock for match in presets_on(case, clocks) for clock in planned_stages(match, at, name)
    ]


def presets_on(case: ClockedCase, clocks: list[Clock]) -> list[Match]:
    """Return the presets of a case: those whose clocks it has, as they were then, and others."""
    begun = {
        clock.preset_id: Match(legal.version(clock.preset_id), clock.because)
        for clock in clocks
        if clock.preset_id
    }
    keys = {match.preset.key for match in begun.values()}
    fresh = legal.matching(facts_of_case(case), at=case.opened_at)
    return [*begun.values(), *(match for match in fresh if match.preset.key not in keys)]


def undo_happened(case: ClockedCase, event: str, *, at: datetime) -> None:
    """Put the clocks of a case back to before an event that happened at `at`.

    What it started is gone, what it stopped runs on; a promise missed by then stays missed.
    """
    name = event.removeprefix("legal.")
    with acting(CLOCKS):
        for clock in current(case.pk).exclude(stage="").select_for_update():
            if clock.started_at == at and name in rules.starts_of_stage(clock):
                _never_started(clock)
            elif clock.stopped_at == at and event in rules.stops(
                clock.kind, clock.stage, clock.preset_id
            ):
                run_on(clock)


def _never_started(clock: Clock) -> None:
    """Remove a clock; the turn before it counts again."""
    clock.delete()
    turns = Clock.objects.filter(case_id=clock.case_id, kind=clock.kind, stage=clock.stage)
    before = turns.order_by("-turn").first()
    if before is not None:
        before.turn = 0
        before.save(update_fields=["turn"])


def run_on(clock: Clock) -> None:
    """Let a clock run as if it had not been stopped."""
    clock.stopped_at, clock.was_met = None, None if clock.was_met else False
    clock.save(update_fields=["stopped_at", "was_met"])


def undo_stop(*, case_id: int, kind: str, at: datetime | None = None) -> None:
    """Let a clock run as if it had not been stopped; a promise missed by then stays missed.

    Args:
        at: Only a stop at this moment is undone; None undoes any.
    """
    clock = current(case_id).filter(kind=kind, stage="").select_for_update().first()
    if clock is None or clock.stopped_at is None or (at and clock.stopped_at != at):
        return
    run_on(clock)
