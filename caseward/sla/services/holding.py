"""Holding clocks, letting them run on, and holding them to another promise."""

from datetime import datetime

from caseward.sla.measuring import deadline_of, second
from caseward.sla.models import Clock
from caseward.sla.queries import current, running
from caseward.sla.services.owing import Restarted, start_what_is_owed
from caseward.sla.services.starting import promises_of
from caseward.sla.warning import first_warning, fractions_of


def pause_clocks(*, case_id: int, at: datetime) -> None:
    """Hold every running clock of a case that may be held: we wait for the requester."""
    for clock in running(case_id):
        if clock.is_pausable and len(clock.pauses) % 2 == 0:
            clock.pauses.append(second(at))
            save(clock)


def resume_clocks(*, case_id: int, at: datetime) -> None:
    """Let the held clocks of a case run on: the requester answered, or we went on without."""
    for clock in running(case_id):
        if len(clock.pauses) % 2 == 1:
            clock.pauses.append(max(second(at), clock.pauses[-1]))
            save(clock)


def start_clock_again(*, case_id: int, kind: str, at: datetime) -> None:
    """Let a stopped clock run on: the case was reopened. The time between counts as a pause."""
    clock = current(case_id).filter(kind=kind, stage="").select_for_update().first()
    if clock is None or clock.stopped_at is None:
        return
    if len(clock.pauses) % 2 == 0:
        clock.pauses.append(second(clock.stopped_at))
    clock.pauses.append(max(second(at), clock.pauses[-1]))
    clock.stopped_at = clock.was_met = None
    save(clock, "stopped_at", "was_met")


def undo_pause(*, case_id: int, at: datetime) -> None:
    """Let the clocks of a case run as if they had not been held at `at`."""
    for clock in running(case_id):
        if len(clock.pauses) % 2 == 1 and clock.pauses[-1] == second(at):
            clock.pauses.pop()
            save(clock)


def undo_resume(*, case_id: int, at: datetime) -> None:
    """Hold the clocks of a case as if they had not been let run on at `at`."""
    for clock in running(case_id):
        if clock.pauses and len(clock.pauses) % 2 == 0 and clock.pauses[-1] >= second(at):
            clock.pauses.pop()
            save(clock)


def restart_under(*, case_id: int, lob_id: int, priority: int) -> list[Restarted]:
    """Hold running clocks to the promises of another line of business or priority.

    They keep when they started and were paused; only what was promised changes. What was not
    promised before and is owed now starts when it would have. The law's clocks stay as they are,
    and so does a promise that there is no longer. What moved is returned.
    """
    promised = {promise.kind: promise for promise in promises_of(lob_id, priority)}
    moved = start_what_is_owed(case_id=case_id, promised=promised)
    for clock in running(case_id).filter(stage=""):
        if promise := promised.get(clock.kind):
            before = clock.deadline_at
            clock.duration, clock.measured = promise.duration, promise.measured
            clock.site_id, clock.market = promise.site_id, promise.market
            clock.was_met = None
            save(clock, "duration", "measured", "site", "market", "was_met")
            moved.append(Restarted(clock.kind, before, clock.deadline_at))
    return [each for each in moved if each.before != each.after]


def save(clock: Clock, *also: str) -> None:
    """Work out anew when a clock ends and when to warn of it, and save that."""
    clock.deadline_at = deadline_of(clock)
    clock.warns_at = first_warning(clock, fractions_of(clock))
    clock.save(update_fields=["pauses", "deadline_at", "warns_at", *also])
