"""Proposing rules, trying them on last week, switching them on and going back."""

from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.models import StaffMember, Vendor
from caseward.policy.models import Reason
from caseward.routing.rules.checking import Problem, problems_of
from caseward.routing.rules.content import Rules, differences
from caseward.routing.rules.history import History, read_history
from caseward.routing.rules.in_force import put_in_force, rules_in_force
from caseward.routing.rules.overflowing import IsClosed
from caseward.routing.rules.people import people_on
from caseward.routing.rules.stored import RuleSet, RuleTrial, TriedCase
from caseward.routing.rules.trying import CHANGES, Outcome, Trial, try_rules

MAY_CHANGE_RULES = frozenset({"LOB_LEAD", "REGIONAL_LEAD", "GLOBAL_HEAD"})
A_WEEK = timedelta(days=7)


class MayNotChangeRules(Exception):
    """Only LOB leads, the regional lead and the global head change how cases are routed."""


class NothingChanges(Exception):
    """The proposed rules are those in force."""


class RulesNotSound(Exception):
    """The rules contradict each other, starve a queue or exclude everybody."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} problems")
        self.problems = problems


class NotTried(Exception):
    """Rules are switched on after they were tried on what happened."""


class RulesChangedMeanwhile(Exception):
    """Other rules came into force after these were proposed; propose again from those."""


class AlreadyTrying(Exception):
    """A dry run of these rules is under way."""


def usual_minutes() -> dict[int, timedelta]:
    """Return how long a case of each reason takes, as long as it is not measured."""
    rows = Reason.objects.values_list("pk", "handling_minutes")
    return {pk: timedelta(minutes=minutes) for pk, minutes in rows}


def history_before(moment: datetime, *, weeks: int = 1) -> History:
    return read_history(starts_at=moment - weeks * A_WEEK, ends_at=moment)


@transaction.atomic
def propose(*, rules: Rules, note: str, by: StaffMember, now: datetime) -> RuleSet:
    """Write down rules to be tried; nothing changes yet.

    Raises:
        MayNotChangeRules, NothingChanges: see there.
        RulesNotSound: with every problem, each with an example of last week where there is one.
    """
    _require_right(by)
    present = rules_in_force()
    if not differences(present, rules):
        raise NothingChanges
    if new := _new_problems(present, rules, now):
        raise RulesNotSound(new)
    rule_set = RuleSet.objects.create(
        base=present.as_json(),
        content=rules.as_json(),
        note=note.strip()[:300],
        written_by=by,
        written_at=now,
    )
    _record("routing.proposed", rule_set, by, now)
    return rule_set


def _new_problems(present: Rules, rules: Rules, now: datetime) -> list[Problem]:
    """Return what is wrong with rules and was not wrong before."""
    people, history, usual = people_on(now.date()), history_before(now), usual_minutes()
    already = problems_of(present, people=people, history=history, usual=usual)
    found = problems_of(rules, people=people, history=history, usual=usual)
    return [problem for problem in found if problem not in already]


@transaction.atomic
def drop(*, rule_set_id: int, by: StaffMember) -> bool:
    """Throw a proposal away; return whether there was one."""
    _require_right(by)
    drafts = RuleSet.objects.filter(pk=rule_set_id, state=RuleSet.State.DRAFT)
    return bool(drafts.update(state=RuleSet.State.DROPPED))


def ask_trial(*, rule_set: RuleSet, by: StaffMember, now: datetime) -> RuleTrial:
    """Ask for a dry run on the last seven days.

    Raises:
        AlreadyTrying: one is under way.
    """
    _require_right(by)
    try:
        with transaction.atomic():
            return RuleTrial.objects.create(
                rule_set=rule_set,
                asked_by=by,
                asked_at=now,
                starts_at=now - A_WEEK,
                ends_at=now,
            )
    except IntegrityError:
        raise AlreadyTrying(rule_set.pk) from None


@transaction.atomic
def cancel_trial(*, trial_id: int, by: StaffMember, now: datetime) -> bool:
    """Cancel a dry run that has not finished; return whether there was one."""
    _require_right(by)
    running = RuleTrial.objects.filter(pk=trial_id, state__in=["WAITING", "RUNNING"])
    return bool(running.update(state=RuleTrial.State.CANCELLED, finished_at=now))


def claim_trial(*, now: datetime, stalled_after: timedelta = timedelta(minutes=15)) -> int | None:
    """Return a dry run to do now, marked as running; one whose worker died is done again."""
    RuleTrial.objects.filter(state="RUNNING", asked_at__lt=now - stalled_after).update(
        state="WAITING", asked_at=now
    )
    waiting = RuleTrial.objects.filter(state="WAITING").order_by("asked_at", "pk")
    trial = waiting.select_for_update(skip_locked=True).first()
    if trial is None:
        return None
    RuleTrial.objects.filter(pk=trial.pk).update(state="RUNNING")
    return trial.pk


@transaction.atomic
def run_trial(*, trial_id: int, now: datetime, is_closed: IsClosed) -> None:
    """Do a dry run and keep what it showed; doing it twice keeps the last, a cancelled one none.

    Args:
        is_closed: Whether a site, by its key, is closed at a moment.
    """
    trial = RuleTrial.objects.select_related("rule_set").select_for_update().get(pk=trial_id)
    if trial.state == RuleTrial.State.CANCELLED:
        return
    result = _tried(trial, is_closed)
    TriedCase.objects.filter(trial=trial).delete()
    TriedCase.objects.bulk_create(_rows(trial, result), batch_size=2000)
    trial.state, trial.finished_at = RuleTrial.State.DONE, now
    trial.summary = _summary(result)
    trial.save(update_fields=["state", "finished_at", "summary"])


def _tried(trial: RuleTrial, is_closed: IsClosed) -> Trial:
    return try_rules(
        read_history(starts_at=trial.starts_at - A_WEEK, ends_at=trial.ends_at),
        people_on(trial.ends_at.date()),
        before=Rules.from_json(trial.rule_set.base),
        after=Rules.from_json(trial.rule_set.content),
        vendors=dict(Vendor.objects.values_list("key", "pk")),
        usual=usual_minutes(),
        counts_from=trial.starts_at,
        ends_at=trial.ends_at,
        is_closed=is_closed,
    )


def _rows(trial: RuleTrial, result: Trial) -> list[TriedCase]:
    changed = [outcome for outcome in result.outcomes if _is_worth_telling(outcome, result.ends_at)]
    references = _references({outcome.wait.case_id for outcome in changed})
    changed.sort(key=lambda outcome: (not outcome.has_moved, -abs(outcome.waits_longer)))
    return [
        TriedCase(
            trial=trial,
            case_id=outcome.wait.case_id,
            reference=references.get(outcome.wait.case_id, ""),
            lob_id=outcome.wait.need.lob_id,
            reason_id=outcome.wait.need.reason_id or None,
            language=outcome.wait.need.language,
            vendor_before_id=_vendor(outcome.before.need),
            vendor_after_id=_vendor(outcome.after.need),
            waited_before=_seconds(outcome.before.wait),
            waited_after=_seconds(outcome.after.wait),
            missed_before=outcome.before.is_missed(by=result.ends_at),
            missed_after=outcome.after.is_missed(by=result.ends_at),
            has_moved=outcome.has_moved,
        )
        for outcome in changed
    ]


def _is_worth_telling(outcome: Outcome, ends_at: datetime) -> bool:
    return outcome.has_moved or bool(outcome.changes(by=ends_at) - {"somebody_else"})


def _references(case_ids: set[int]) -> dict[int, str]:
    opened = Event.objects.filter(kind="case.opened", case_id__in=case_ids)
    return dict(opened.values_list("case_id", "data__reference"))


def _vendor(need: Any) -> int | None:
    return None if need is None else need.vendor_id


def _seconds(wait: timedelta | None) -> int | None:
    return None if wait is None else int(wait.total_seconds())


def _summary(result: Trial) -> dict[str, Any]:
    return {
        "moved": result.moved,
        "changes": {name: result.changes[name] for name in CHANGES},
        **{
            name: {
                "cases": one.cases,
                "given": one.given,
                "missed": one.missed,
                "median_wait": one.median_wait.total_seconds(),
                "wait_of_nine_in_ten": one.wait_of_nine_in_ten.total_seconds(),
            }
            for name, one in (
                ("really", result.really), ("before", result.before), ("after", result.after),
            )
        },
    }  # fmt: skip


@transaction.atomic
def switch_on(*, rule_set_id: int, by: StaffMember, now: datetime) -> RuleSet:
    """Put proposed rules in force. A second time changes nothing.

    Raises:
        MayNotChangeRules, NotTried, RulesChangedMeanwhile: see there; nothing was changed.
    """
    _require_right(by)
    rule_set = RuleSet.objects.select_for_update().get(pk=rule_set_id)
    if rule_set.state == RuleSet.State.IN_FORCE:
        return rule_set
    if not rule_set.trials.filter(state=RuleTrial.State.DONE).exists():
        raise NotTried(rule_set_id)
    if rules_in_force() != Rules.from_json(rule_set.base):
        raise RulesChangedMeanwhile(rule_set_id)
    _put_in_force(rule_set, by, now)
    return rule_set


@transaction.atomic
def go_back(*, rule_set_id: int, by: StaffMember, now: datetime) -> RuleSet:
    """Put back the rules a set in force replaced, as a new set of their own.

    Raises:
        MayNotChangeRules: see there.
        RulesChangedMeanwhile: the set is not in force any more.
    """
    _require_right(by)
    current = RuleSet.objects.select_for_update().get(pk=rule_set_id)
    content = Rules.from_json(current.content)
    if current.state != RuleSet.State.IN_FORCE or rules_in_force() != content:
        raise RulesChangedMeanwhile(rule_set_id)
    former = RuleSet.objects.create(
        base=current.content,
        content=current.base,
        note=f"↩ {current.note}"[:300],
        written_by=by,
        written_at=now,
    )
    _put_in_force(former, by, now)
    return former


def _put_in_force(rule_set: RuleSet, by: StaffMember, now: datetime) -> None:
    RuleSet.objects.filter(state=RuleSet.State.IN_FORCE).update(state=RuleSet.State.RETIRED)
    put_in_force(Rules.from_json(rule_set.content))
    rule_set.state = RuleSet.State.IN_FORCE
    rule_set.switched_on_by, rule_set.switched_on_at = by, now
    rule_set.save(update_fields=["state", "switched_on_by", "switched_on_at"])
    _record("routing.switched_on", rule_set, by, now)


def _require_right(by: StaffMember) -> None:
    if by.vendor_id or by.role not in MAY_CHANGE_RULES:
        raise MayNotChangeRules(by.key)


def _record(kind: str, rule_set: RuleSet, by: StaffMember, now: datetime) -> None:
    changes = differences(Rules.from_json(rule_set.base), Rules.from_json(rule_set.content))
    ledger.record(
        kind,
        at=now,
        actor_id=by.pk,
        actor_name=by.name,
        audience=Event.Audience.IN_HOUSE,
        data={"rule_set_id": rule_set.pk, "note": rule_set.note, "changes": _told(changes)},
    )


def _told(changes: list[Any]) -> list[Mapping[str, Any]]:
    return [
        {
            "about": one.about,
            "key": " ".join(one.key),
            "before": _plain(one.before),
            "after": _plain(one.after),
        }
        for one in changes
    ]


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else value
