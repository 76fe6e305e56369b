"""What a rule would have done in the past, read from the ledger, beside what people did.

Nothing is carried out: the facts of each case are folded from its events as they were when the
rule would have acted.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from django.db import connection

from caseward.automation.deeds import CAUSES, Deeds, conditions_of
from caseward.automation.models import RuleVersion
from caseward.casework.models import Case
from caseward.core.conditions import Facts
from caseward.org import queries as org
from caseward.policy import queries as policy
from caseward.routing import queries as routing

MOST_EVENTS = 20_000
SAMPLE = 20
PEOPLE_HAD = timedelta(hours=24)  # to do the same by themselves

MET = """
    SELECT id, case_id FROM ledger_event
    WHERE kind = ANY(%s) AND at >= %s AND at < %s AND case_id > 0 ORDER BY id DESC LIMIT %s
"""
EVENTS = """
    SELECT case_id, id, kind, at, actor_id, data FROM ledger_event
    WHERE case_id = ANY(%s) ORDER BY case_id, seq
"""


@dataclass(slots=True)
class Trial:
    """What the rule would have done: to how many cases, which, and what people did there."""

    since: str
    until: str
    events: int = 0
    runs: int = 0
    cases: int = 0
    is_cut_short: bool = False
    deeds: dict[str, int] = field(default_factory=dict)  # how often each would have changed things
    people_did: dict[str, int] = field(default_factory=dict)  # how often people did the same
    sample: list[dict[str, str]] = field(default_factory=list)

    def stored(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Event:
    id: int
    kind: str
    at: datetime
    actor_id: int | None
    data: Mapping[str, Any]


def try_out(version: RuleVersion, *, since: datetime, until: datetime) -> Trial:
    """Return what a version would have done between two moments, newest events first if cut."""
    trial = Trial(since.isoformat(), until.isoformat())
    met = _met(version, since, until)
    trial.events, trial.is_cut_short = len(met), len(met) == MOST_EVENTS
    wanted = frozenset(event_id for event_id, _ in met)
    for case_id, events in _histories({case_id for _, case_id in met}):
        runs = _runs(version, events, wanted, until)
        if runs:
            _count(trial, version, case_id, events, runs)
    _name_sample(trial)
    return trial


def _met(version: RuleVersion, since: datetime, until: datetime) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(MET, [version.kinds, since, until, MOST_EVENTS])
        return list(cursor.fetchall())


def _histories(case_ids: set[int]) -> Iterator[tuple[int, list[_Event]]]:
    with connection.cursor() as cursor:
        cursor.execute(EVENTS, [sorted(case_ids)])
        for case_id, rows in groupby(cursor.fetchall(), key=itemgetter(0)):
            yield (
                case_id,
                [_Event(row[1], row[2], row[3], row[4], orjson.loads(row[5])) for row in rows],
            )


def _runs(
    version: RuleVersion, events: list[_Event], wanted: frozenset[int], until: datetime
) -> list[tuple[datetime, Facts]]:
    """Return when the rule would have acted on a case, and on which facts."""
    conditions, after = conditions_of(version), timedelta(minutes=version.after_minutes)
    states = list(_states(events))
    found = []
    for event in events:
        if event.id not in wanted or event.at + after >= until:
            continue
        due_at = event.at + after
        then = [facts for other, facts in states if other.id <= event.id or other.at <= due_at]
        if then and conditions.hold(then[-1]):
            found.append((due_at, then[-1]))
    return found


def _states(events: list[_Event]) -> Iterator[tuple[_Event, Facts]]:
    values: dict[str, str] = {"locked": "no"}
    tags: frozenset[str] = frozenset()
    for event in events:
        values = {**values, **_changed(event, values)}
        if event.kind == "case.tagged":
            tags = frozenset(event.data.get("tags", ()))
        yield event, Facts(values, tags)


def _changed(event: _Event, values: Mapping[str, str]) -> dict[str, str]:
    data = event.data
    match event.kind:
        case "case.opened":
            named = ("tier", "priority", "channel", "language", "country")
            opened = {name: str(data.get(name) or "") for name in named}
            return {**opened, **_topic(data), "status": "NEW"}
        case "case.transferred":
            return {**_in_line(data, values), "language": str(data.get("language", ""))}
        case "case.moved":
            return {**_in_line(data, values), **_in_queue(data.get("to_queue_id"))}
        case "case.prioritised":
            return {"priority": str(data.get("after", ""))}
        case "case.recognised":
            return {"reason": _reason(data.get("reason_id"))}
        case "case.escalated":
            return {"tier": "2", "status": "ESCALATED", "lob": _lob(data.get("to_lob_id"))}
        case "escalation.returned":
            return {"tier": "1", "status": "OPEN"}
        case "message.sent":
            return {"status": "PENDING" if data.get("is_pending") else _open(values)}
        case "case.assigned" if values.get("status") == "NEW":
            return {"status": "OPEN"}
        case "case.resumed":
            return {"status": _open(values)}
    return AFTER.get(event.kind, {})


AFTER = {
    "case.resolved": {"status": "RESOLVED"},
    "case.reopened": {"status": "REOPENED"},
    "case.closed": {"status": "CLOSED"},
    "case.merged": {"status": "CLOSED"},
    "disclosure.locked": {"locked": "yes"},
    "disclosure.lifted": {"locked": "no"},
}


def _open(values: Mapping[str, str]) -> str:
    return "ESCALATED" if values.get("tier") == "2" else "OPEN"


def _in_line(data: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """Return the line a case has come to; in another than before it has no reason yet."""
    lob = _lob(data.get("lob_id"))
    return {"lob": lob} if lob == values.get("lob") else {"lob": lob, "reason": ""}


def _in_queue(queue_id: Any) -> dict[str, str]:
    queue = routing.queues().get(queue_id or 0)
    return {"tier": str(queue.tier), "language": queue.language} if queue else {}


def _topic(data: Mapping[str, Any]) -> dict[str, str]:
    return {"lob": _lob(data.get("lob_id")), "reason": _reason(data.get("reason_id"))}


def _lob(lob_id: Any) -> str:
    lob = org.lines_of_business().get(lob_id or 0)
    return lob.key if lob else ""


def _reason(reason_id: Any) -> str:
    reason = policy.reasons().get(reason_id or 0)
    return reason.key if reason else ""


def _count(
    trial: Trial,
    version: RuleVersion,
    case_id: int,
    events: list[_Event],
    runs: list[tuple[datetime, Facts]],
) -> None:
    deeds = Deeds.read(version.deeds)
    trial.cases += 1
    for due_at, facts in runs:
        trial.runs += 1
        for deed in deeds.stored():
            if _would_change(deed, deeds, facts):
                trial.deeds[deed] = trial.deeds.get(deed, 0) + 1
                did = _people_did(deed, deeds, events, due_at)
                trial.people_did[deed] = trial.people_did.get(deed, 0) + did
    if len(trial.sample) < SAMPLE:
        trial.sample.append({"case": str(case_id), "at": runs[0][0].isoformat()})


def _would_change(deed: str, deeds: Deeds, facts: Facts) -> bool:
    if deed == "add_tags":
        return not frozenset(deeds.add_tags) <= facts.tags
    if deed == "remove_tags":
        return bool(frozenset(deeds.remove_tags) & facts.tags)
    now = {"priority": str(deeds.priority), "lob": deeds.lob}
    if deed in now:
        return facts.values.get(deed) != now[deed]
    return deed != "escalate_why" or facts.values.get("tier") == "1"


def _people_did(deed: str, deeds: Deeds, events: list[_Event], due_at: datetime) -> bool:
    """Say whether a person did the same within a day of when the rule would have."""
    near = (
        event
        for event in events
        if event.actor_id is not None and abs(event.at - due_at) <= PEOPLE_HAD
        if event.kind == CAUSES.get(deed)
    )
    return any(_is_the_same(deed, deeds, event) for event in near)


def _is_the_same(deed: str, deeds: Deeds, event: _Event) -> bool:
    data = event.data
    if deed == "add_tags":
        return frozenset(deeds.add_tags) <= frozenset(data.get("tags", ()))
    if deed == "remove_tags":
        return not frozenset(deeds.remove_tags) & frozenset(data.get("tags", ()))
    if deed == "priority":
        return bool(data.get("after") == deeds.priority)
    if deed == "lob":
        return _lob(data.get("lob_id")) == deeds.lob
    return True


def _name_sample(trial: Trial) -> None:
    """Put references in the place of ids; a case that is gone is left out."""
    ids = [int(one["case"]) for one in trial.sample]
    named = dict(Case.objects.filter(pk__in=ids).values_list("pk", "reference"))
    trial.sample = [
        {**one, "case": named[int(one["case"])]}
        for one in trial.sample
        if int(one["case"]) in named
    ]
