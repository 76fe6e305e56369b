"""Carrying rules out: first each event is met by the rules that wait for it, then they act.

Both may be done twice, or by two workers at once: a run is made once for each rule and event, and
what it does is in the transaction that says it was done.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import OperationalError, connection, transaction

from caseward.automation.deeds import CannotDo, Deeds, Doing, carry_out, conditions_of
from caseward.automation.models import Reader, Rule, RuleRun, RuleVersion
from caseward.casework import access, services
from caseward.casework.facts import facts_of
from caseward.casework.models import Case
from caseward.casework.services.assigning import CannotTakeIt
from caseward.casework.services.automatic import caseward_itself
from caseward.casework.services.escalating import AlreadyEscalated
from caseward.casework.services.recording import marked
from caseward.casework.services.silence import MustKeepSilent
from caseward.casework.services.snoozing import NoReason, NotWhen
from caseward.ledger import horizon
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.routing.services import NowhereToWait

logger = logging.getLogger(__name__)

PART = "automation"
DEEPEST = 3  # rules set off by what a rule did, that again by what another did, and no further
EVENTS_AT_ONCE = 5_000
RUNS_AT_ONCE = 50

NEWER = """
    SELECT id, case_id, kind, at, data -> 'automation' FROM ledger_event
    WHERE id > %s AND id <= %s AND case_id > 0 AND kind = ANY(%s) ORDER BY id LIMIT %s
"""
REFUSALS = (
    CannotDo,
    access.CaseNotVisible,
    access.NotYoursToChange,
    services.AlreadyResolved,
    services.NothingToSay,
    AlreadyEscalated,
    CannotTakeIt,
    NowhereToWait,
    NotWhen,
    NoReason,
    MustKeepSilent,
)


@transaction.atomic
def meet_events(*, now: datetime, at_most: int = EVENTS_AT_ONCE) -> int:
    """Note which rule meets which newer event; return how many events were met.

    Another worker that is at it already makes this one do nothing.
    """
    Reader.objects.get_or_create(pk=1)
    reader = Reader.objects.select_for_update(skip_locked=True).filter(pk=1).first()
    if reader is None:
        return 0
    seen = horizon.look(reader)
    rules = _rules_that_are_on()
    kinds = sorted({kind for version in rules for kind in version.kinds})
    events = _newer(reader.last_event_id, seen.settled, kinds, at_most)
    runs = [run for event in events for run in _runs_of(event, rules)]
    RuleRun.objects.bulk_create(runs, ignore_conflicts=True)
    if len(events) == at_most:
        seen = seen._replace(settled=events[-1][0])
    _advance(reader, seen)
    return len(events)


def _rules_that_are_on() -> list[RuleVersion]:
    on = RuleVersion.objects.filter(state=RuleVersion.State.ON)
    return list(on.select_related("rule", "rule__lob").order_by("rule_id"))


def _newer(after: int, until: int, kinds: list[str], at_most: int) -> list[tuple[Any, ...]]:
    if not kinds:
        return []
    with connection.cursor() as cursor:
        cursor.execute(NEWER, [after, until, kinds, at_most])
        return list(cursor.fetchall())


def _runs_of(event: tuple[Any, ...], rules: list[RuleVersion]) -> list[RuleRun]:
    event_id, case_id, kind, at, marks = event
    acted = _read(marks)
    if "undoes" in acted:
        return []
    depth = int(acted.get("depth", 0)) + 1
    if depth > DEEPEST:
        logger.warning("automation.too_deep event=%s rule=%s", event_id, acted.get("rule"))
        return []
    return [
        RuleRun(
            rule=version.rule, version=version, event_id=event_id, case_id=case_id, depth=depth,
            due_at=at + timedelta(minutes=version.after_minutes),
        )
        for version in rules
        if kind in version.kinds and (version.turned_on_at is None or at >= version.turned_on_at)
    ]  # fmt: skip


def _read(marks: Any) -> dict[str, Any]:
    read = orjson.loads(marks) if isinstance(marks, str) else marks
    return read if isinstance(read, dict) else {}


def _advance(reader: Reader, seen: horizon.Horizon) -> None:
    reader.last_event_id = max(reader.last_event_id, seen.settled)
    reader.settling_event_id = seen.settling
    reader.settling_with = " ".join(sorted(seen.writing))
    reader.save()


@transaction.atomic
def carry_out_due(*, now: datetime, at_most: int = RUNS_AT_ONCE) -> int:
    """Do what is due; return how many runs were looked at.

    Runs of one case wait for each other, for the case is locked; runs a colleague holds are left.
    """
    due = RuleRun.objects.filter(state=RuleRun.State.WAITING, due_at__lte=now)
    runs = list(
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("version", "version__rule", "version__rule__lob", "version__turned_on_by")
        .order_by("due_at", "pk")[:at_most]
    )
    for run in runs:
        _run(run, now)
    return len(runs)


def _run(run: RuleRun, now: datetime) -> None:
    version = run.version
    if not _is_still_on(version):
        _end(run, RuleRun.State.LEFT, now, problem="The rule was turned off first.")
        return
    if _is_too_fast(version.rule, now):
        _brake(version, now)
        _end(run, RuleRun.State.LEFT, now, problem="The rule was taken off: too many runs.")
        return
    case = Case.objects.select_for_update().filter(pk=run.case_id).first()
    if case is None or not conditions_of(version).hold(facts_of(case)):
        _end(run, RuleRun.State.LEFT, now)
        return
    _do(run, case, now)


def _do(run: RuleRun, case: Case, now: datetime) -> None:
    doing = Doing(
        case, caseward_itself(PART), run.version.turned_on_by, run.version.rule.title, now
    )
    marks = {"rule": run.version.rule.key, "run": run.pk, "depth": run.depth}
    try:
        with transaction.atomic(), marked(automation=marks):
            did = carry_out(Deeds.read(run.version.deeds), doing)
    except REFUSALS as refusal:
        words = str(refusal) if isinstance(refusal, CannotDo) else type(refusal).__name__
        _end(run, RuleRun.State.FAILED, now, problem=words)
        return
    except OperationalError:
        raise  # a deadlock, say: the batch is done again
    except Exception as problem:  # one case must not keep every other rule from acting
        logger.exception("automation.broke rule=%s run=%s", run.version.rule.key, run.pk)
        _end(run, RuleRun.State.FAILED, now, problem=type(problem).__name__)
        return
    _end(run, RuleRun.State.DONE if did else RuleRun.State.LEFT, now, did=did)


def _end(
    run: RuleRun, state: str, now: datetime, *, did: list[Any] | None = None, problem: str = ""
) -> None:
    run.state, run.ran_at, run.did, run.problem = state, now, did or [], problem[:300]
    run.save(update_fields=["state", "ran_at", "did", "problem"])


def _is_still_on(version: RuleVersion) -> bool:
    return RuleVersion.objects.filter(pk=version.pk, state=RuleVersion.State.ON).exists()


def _is_too_fast(rule: Rule, now: datetime) -> bool:
    lately = RuleRun.objects.filter(rule=rule, ran_at__gt=now - timedelta(hours=1))
    return lately.filter(state=RuleRun.State.DONE).count() >= rule.hourly_limit


def _brake(version: RuleVersion, now: datetime) -> None:
    """Take a rule off that acts more often than anybody meant it to; a person turns it on again."""
    version.state, version.turned_off_at = RuleVersion.State.OFF, now
    version.why_off = f"It acted {version.rule.hourly_limit} times within an hour."
    version.save(update_fields=["state", "turned_off_at", "why_off"])
    logger.warning("automation.braked rule=%s", version.rule.key)
    ledger.record(
        "automation.braked",
        at=now,
        actor_id=None,
        actor_name=f"Caseward ({PART})",
        audience=Event.Audience.IN_HOUSE,
        data={
            "rule": version.rule.key,
            "number": version.number,
            "limit": version.rule.hourly_limit,
        },
    )
