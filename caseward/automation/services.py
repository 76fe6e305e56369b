"""Verbs on rules: written, tested against past cases, turned on and off, and undone."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Max

from caseward.automation.checking import Problem, others_that_are_on, problems_of
from caseward.automation.models import Reader, Rule, RuleRun, RuleVersion
from caseward.automation.queries import as_written
from caseward.automation.replaying import try_out
from caseward.casework import services as casework
from caseward.casework.services.recording import marked
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.policy import access

TRY_DAYS = 14


class KeyTaken(Exception):
    """There is a rule of this key already."""


class BadRule(Exception):
    """The rule could never work, or would never end; nothing was kept."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = list(problems)


class NotTested(Exception):
    """Only a version that was tested against past cases can be turned on."""


class NothingToUndo(Exception):
    """The run did nothing that can be undone, or it was undone already."""


@transaction.atomic
def begin_rule(*, key: str, lob: LineOfBusiness | None, title: str, by: StaffMember) -> Rule:
    """Make room for a rule; it does nothing before a version of it is on.

    Raises:
        access.NotYoursToWrite: the person does not work in this line of business.
        KeyTaken: choose another key.
    """
    if not access.may_write(by, lob.pk if lob else None):
        raise access.NotYoursToWrite
    rule, is_new = Rule.objects.get_or_create(key=key, defaults={"lob": lob, "title": title})
    if not is_new and rule.is_active:
        raise KeyTaken(key)
    if not is_new:
        rule.lob, rule.title, rule.is_active = lob, title, True
        rule.save(update_fields=["lob", "title", "is_active"])
    return rule


@transaction.atomic
def write_rule(
    rule: Rule,
    *,
    by: StaffMember,
    kinds: Sequence[str],
    after_minutes: int,
    conditions: Mapping[str, Any],
    deeds: Mapping[str, Any],
    now: datetime,
) -> RuleVersion:
    """Keep a draft of a rule; what is on stays on until another version takes its place.

    Raises:
        access.NotYoursToWrite: the person does not work in this line of business.
        BadRule: it could never work, or it would set itself off for ever.
    """
    if not access.may_write(by, rule.lob_id):
        raise access.NotYoursToWrite
    Rule.objects.select_for_update().get(pk=rule.pk)
    making = rule.versions.filter(state__in=[RuleVersion.State.DRAFT, RuleVersion.State.TESTED])
    highest = rule.versions.aggregate(number=Max("number"))["number"] or 0
    version = making.order_by("-number").first() or RuleVersion(rule=rule, number=highest + 1)
    version.kinds, version.after_minutes = list(kinds), after_minutes
    version.conditions, version.deeds = dict(conditions), dict(deeds)
    version.author, version.written_at = by, now
    version.state, version.trial, version.tested_at = RuleVersion.State.DRAFT, {}, None
    if problems := problems_of(version, others_that_are_on(version)):
        raise BadRule(problems)
    version.save()
    return version


@transaction.atomic
def try_rule(
    version: RuleVersion, *, by: StaffMember, now: datetime, days: int = TRY_DAYS
) -> RuleVersion:
    """Find out what a version would have done in the last days; nothing is carried out."""
    if not access.may_write(by, version.rule.lob_id):
        raise access.NotYoursToWrite
    trial = try_out(version, since=now - timedelta(days=days), until=now)
    version.trial, version.tested_at = trial.stored(), now
    if version.state == RuleVersion.State.DRAFT:
        version.state = RuleVersion.State.TESTED
    version.save(update_fields=["trial", "tested_at", "state"])
    return version


@transaction.atomic
def turn_on(version: RuleVersion, *, by: StaffMember, now: datetime) -> RuleVersion:
    """Let a tested version act from now on, in place of the one that is on.

    Raises:
        access.NotYoursToWrite: the person does not answer for this line of business.
        NotTested: test it first.
        BadRule: another rule was turned on meanwhile, and the two would never end.
    """
    if not access.may_release(by, version.rule.lob_id):
        raise access.NotYoursToWrite
    Reader.objects.get_or_create(pk=1)
    Reader.objects.select_for_update().get(pk=1)  # two rules turned on at once see each other
    found = RuleVersion.objects.select_for_update(of=("self",)).select_related("rule", "rule__lob")
    version = found.get(pk=version.pk)
    if version.tested_at is None or version.state == RuleVersion.State.DRAFT:
        raise NotTested
    if problems := problems_of(version, others_that_are_on(version)):
        raise BadRule(problems)
    _take_off(version.rule, now, why="")
    version.state, version.turned_on_by = RuleVersion.State.ON, by
    version.turned_on_at, version.turned_off_at, version.why_off = now, None, ""
    version.save()
    leave_trace("automation.turned_on", version, by, now)
    return version


@transaction.atomic
def turn_off(version: RuleVersion, *, by: StaffMember, why: str, now: datetime) -> RuleVersion:
    """Let a rule do nothing more; what still waited is left alone."""
    if not access.may_write(by, version.rule.lob_id):
        raise access.NotYoursToWrite
    if _take_off(version.rule, now, why=why[:300]):
        leave_trace("automation.turned_off", version, by, now, why=why[:300])
    version.refresh_from_db()
    return version


def _take_off(rule: Rule, now: datetime, *, why: str) -> int:
    on = rule.versions.filter(state=RuleVersion.State.ON)
    return on.update(state=RuleVersion.State.OFF, turned_off_at=now, why_off=why)


@transaction.atomic
def rule_from_facts(
    *,
    key: str,
    lob: LineOfBusiness | None,
    title: str,
    kinds: Sequence[str],
    deeds: Mapping[str, Any],
    now: datetime,
    conditions: Mapping[str, Any] | None = None,
    after_minutes: int = 0,
) -> RuleVersion:
    """Take over a rule written elsewhere as a draft; people test it here and turn it on.

    The same rule again changes nothing. What is on stays on until the draft takes its place.

    Raises:
        BadRule: it could never work, or it would set itself off for ever.
    """
    rule, _ = Rule.objects.update_or_create(
        key=key, defaults={"lob": lob, "title": title, "is_active": True}
    )
    said = {
        "kinds": list(kinds),
        "after_minutes": after_minutes,
        "conditions": dict(conditions or {}),
        "deeds": dict(deeds),
    }
    before = as_written(list(rule.versions.all()))
    if before and {name: getattr(before, name) for name in said} == said:
        return before
    highest = rule.versions.aggregate(number=Max("number"))["number"] or 0
    version = RuleVersion(rule=rule, number=highest + 1, written_at=now, **said)
    if problems := problems_of(version, others_that_are_on(version)):
        raise BadRule(problems)
    version.save()
    return version


@transaction.atomic
def retire_rule(key: str, *, now: datetime) -> None:
    """Turn a rule off and take it out of use, as files that leave it out ask."""
    rule = Rule.objects.select_for_update().get(key=key)
    _take_off(rule, now, why="")
    rule.is_active = False
    rule.save(update_fields=["is_active"])


UNDOABLE = frozenset({"add_tags", "remove_tags", "priority"})


@transaction.atomic
def undo_run(run: RuleRun, *, by: StaffMember, now: datetime) -> RuleRun:
    """Put back the tags and the priority a run changed, where nobody changed them since.

    Raises:
        NothingToUndo: see there.
        access of casework: the case is not this person's to change.
    """
    run = RuleRun.objects.select_for_update(of=("self",)).select_related("case").get(pk=run.pk)
    back = [deed for deed in run.did if deed["deed"] in UNDOABLE]
    if run.state != RuleRun.State.DONE or not back:
        raise NothingToUndo
    with marked(automation={"undoes": run.pk}):  # an undoing sets no rule off
        for deed in back:
            _put_back(run, deed, by, now)
    run.state = RuleRun.State.UNDONE
    run.save(update_fields=["state"])
    return run


def _put_back(run: RuleRun, deed: Mapping[str, Any], by: StaffMember, now: datetime) -> None:
    case, before, after = run.case, deed["before"], deed["after"]
    if deed["deed"] == "priority":
        if case.priority == after:
            casework.change_priority(reference=case.reference, by=by, priority=before, now=now)
        return
    kept = [tag for tag in case.tags if tag in before or tag not in after]
    tags = [*kept, *(tag for tag in before if tag not in after and tag not in kept)]
    casework.set_tags(reference=case.reference, by=by, tags=tags, now=now)


def leave_trace(
    kind: str, version: RuleVersion, by: StaffMember, now: datetime, **data: Any
) -> None:
    ledger.record(
        kind,
        at=now,
        actor_id=by.pk,
        actor_name=by.name,
        audience=Event.Audience.IN_HOUSE,
        data={"rule": version.rule.key, "number": version.number, **data},
    )
