"""Starting what a case is owed since earlier: a promise that was not its own until now."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import zip_longest
from typing import NamedTuple

from caseward.ledger import queries as ledger
from caseward.org.acting import acting
from caseward.sla import rules
from caseward.sla.measuring import second
from caseward.sla.models import Clock, Promise
from caseward.sla.queries import current
from caseward.sla.services.starting import CLOCKS, planned, start_clock


class Restarted(NamedTuple):
    """A running clock that ends at another time than before; None where it did not run."""

    kind: str
    before: datetime | None
    after: datetime | None


def start_what_is_owed(*, case_id: int, promised: Mapping[str, Promise]) -> list[Restarted]:
    """Start the clocks of promises whose kind a case has no clock of, from when each was owed."""
    with acting(CLOCKS):
        known = {clock.kind: clock for clock in current(case_id).filter(stage="")}
        running = {kind for kind, clock in known.items() if clock.stopped_at is None}
        started = []
        for promise in promised.values():
            rule = rules.RULES.get(promise.kind)
            if rule is None or promise.kind in known or rule.unless_running in running:
                continue
            if since := _owed_since(case_id, rule):
                clock = planned(promise, since, _held(known.values(), since))
                start_clock(case_id=case_id, clock=clock)
                running.add(promise.kind)
                started.append(Restarted(clock.kind, None, clock.deadline_at))
        return started


def _owed_since(case_id: int, rule: rules.Rule) -> datetime | None:
    """Return when what starts a promise first happened since it was last kept."""
    heard = ledger.timeline(case_id).filter(kind__in=rule.starts | rule.stops)
    since = None
    for kind, at in heard.values_list("kind", "at"):  # newest first
        if kind in rule.stops:
            break
        since = at
    return since


def _held(clocks: Iterable[Clock], since: datetime) -> list[int]:
    """Return when a case was held and let run on after a moment, as its other clocks know."""
    held = max((clock.pauses for clock in clocks if clock.is_pausable), key=len, default=[])
    pairs = zip_longest(held[::2], held[1::2])
    later = [
        (max(begun, second(since)), end) for begun, end in pairs if not end or end > second(since)
    ]
    return [moment for pair in later for moment in pair if moment is not None]
