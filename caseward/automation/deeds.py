"""What a rule does: which facts that changes, which events it causes, and how it is carried out."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from caseward.automation.models import RuleVersion
from caseward.casework import services
from caseward.casework.facts import facts_of
from caseward.casework.models import Case
from caseward.casework.services.alerting import alert_leads
from caseward.casework.services.snoozing import snooze_case
from caseward.core.conditions import Conditions
from caseward.core.rule_loops import Behaviour
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.policy.macros import filled, is_usable, unfilled
from caseward.policy.models import MacroVersion, VersionState
from caseward.routing import availability

STATUS = "status"


class CannotDo(Exception):
    """The rule asks for something that cannot be done to this case; the message says what."""


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a rule does, in this order. Keys name a line of business, a person, a macro."""

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    priority: int = 0
    note: str = ""
    macro: str = ""
    lob: str = ""
    assign_to: str = ""
    escalate_why: str = ""
    snooze_hours: int = 0
    notify: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Deeds":
        return cls(
            add_tags=tuple(stored.get("add_tags") or ()),
            remove_tags=tuple(stored.get("remove_tags") or ()),
            priority=int(stored.get("priority") or 0),
            note=str(stored.get("note") or ""),
            macro=str(stored.get("macro") or ""),
            lob=str(stored.get("lob") or ""),
            assign_to=str(stored.get("assign_to") or ""),
            escalate_why=str(stored.get("escalate_why") or ""),
            snooze_hours=int(stored.get("snooze_hours") or 0),
            notify=str(stored.get("notify") or ""),
        )

    def stored(self) -> dict[str, Any]:
        found = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in asdict(self).items()
        }
        return {name: value for name, value in found.items() if value}


CAUSES = {
    "add_tags": "case.tagged",
    "remove_tags": "case.tagged",
    "priority": "case.prioritised",
    "note": "note.added",
    "macro": "message.sent",
    "lob": "case.transferred",
    "assign_to": "case.assigned",
    "escalate_why": "case.escalated",
    "snooze_hours": "case.snoozed",
}


def behaviour(version: RuleVersion, lob_key: str = "") -> Behaviour:
    """Return what a version waits for and leaves behind, for finding loops and contradictions."""
    deeds = Deeds.read(version.deeds)
    return Behaviour(
        name=version.rule.key,
        listens=frozenset(version.kinds),
        conditions=conditions_of(version, lob_key),
        causes=frozenset(CAUSES[name] for name in deeds.stored() if name in CAUSES),
        sets=_sets(deeds),
        adds_tags=frozenset(deeds.add_tags),
        removes_tags=frozenset(deeds.remove_tags),
    )


def conditions_of(version: RuleVersion, lob_key: str = "") -> Conditions:
    """Return the conditions of a version, its own line of business among them."""
    key = lob_key or (version.rule.lob.key if version.rule.lob else "")
    return Conditions.read({**version.conditions, **({"lob": [key]} if key else {})})


def _sets(deeds: Deeds) -> dict[str, str | None]:
    sets: dict[str, str | None] = {}
    if deeds.priority:
        sets["priority"] = str(deeds.priority)
    if deeds.macro:
        sets[STATUS] = None
    if deeds.lob:
        sets |= {"lob": deeds.lob, "reason": None}
    if deeds.assign_to:
        sets[STATUS] = None
    if deeds.escalate_why:
        sets |= {"tier": "2", STATUS: "ESCALATED"}
    return sets


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does something to which case, and when; `owner` turned the rule on."""

    case: Case
    by: StaffMember
    owner: StaffMember | None
    title: str
    now: datetime


def carry_out(deeds: Deeds, doing: Doing) -> list[dict[str, Any]]:
    """Do to a case what a rule says; return what was done with what was before.

    Raises:
        CannotDo: nothing can be done as the rule says.
    """
    done = []
    for name in deeds.stored():
        before = DOES[name](doing, deeds)
        if before is not None:
            done.append({"deed": name, **before})
        doing.case.refresh_from_db()
    return done


def _tags(doing: Doing, deeds: Deeds) -> dict[str, Any] | None:
    before = list(doing.case.tags)
    kept = [tag for tag in before if tag not in deeds.remove_tags]
    case = services.set_tags(
        reference=doing.case.reference, by=doing.by, tags=[*kept, *deeds.add_tags], now=doing.now
    )
    return {"before": before, "after": case.tags} if case.tags != before else None


def _priority(doing: Doing, deeds: Deeds) -> dict[str, Any] | None:
    before = doing.case.priority
    if before == deeds.priority:
        return None
    services.change_priority(
        reference=doing.case.reference, by=doing.by, priority=deeds.priority, now=doing.now
    )
    return {"before": before, "after": deeds.priority}


def _note(doing: Doing, deeds: Deeds) -> dict[str, Any]:
    services.add_note(reference=doing.case.reference, by=doing.by, text=deeds.note, now=doing.now)
    return {"after": deeds.note}


def _macro(doing: Doing, deeds: Deeds) -> dict[str, Any]:
    version = released_macro(deeds.macro)
    if version is None:
        raise CannotDo(f"The macro {deeds.macro} is not in use.")
    if version.macro.lob_id not in {None, doing.case.lob_id} or not is_usable(
        version, facts_of(doing.case)
    ):
        raise CannotDo(f"The macro {deeds.macro} may not be used on this case.")
    text = filled(version.texts.get(doing.case.language) or version.texts["en"], _values(doing))
    if left := unfilled(text):
        raise CannotDo(f"The macro {deeds.macro} needs a person to fill in {', '.join(left)}.")
    services.reply(
        reference=doing.case.reference, by=doing.by, text=text, now=doing.now,
        undo=timedelta(minutes=1),
    )  # fmt: skip
    return {"after": deeds.macro}


def released_macro(key: str) -> MacroVersion | None:
    released = MacroVersion.objects.filter(
        macro__key=key, macro__is_active=True, state=VersionState.RELEASED
    )
    return released.select_related("macro").first()


def _values(doing: Doing) -> dict[str, str]:
    names = doing.case.parties.filter(part="REQUESTER").values_list("name", flat=True)
    platform = org.operation().platform_name
    return {
        "requester_name": next(iter(names), ""),
        "reference": doing.case.reference,
        "agent_name": platform,
        "platform": platform,
    }


def _lob(doing: Doing, deeds: Deeds) -> dict[str, Any] | None:
    lobs = {lob.key: lob for lob in org.lines_of_business().values()}
    if deeds.lob not in lobs:
        raise CannotDo(f"There is no line of business {deeds.lob}.")
    before = org.lines_of_business()[doing.case.lob_id].key
    if before == deeds.lob:
        return None
    services.transfer_case(
        reference=doing.case.reference, by=doing.by, lob=lobs[deeds.lob],
        language=doing.case.language, why=doing.title, now=doing.now,
    )  # fmt: skip
    return {"before": before, "after": deeds.lob}


def _assign(doing: Doing, deeds: Deeds) -> dict[str, Any] | None:
    to = StaffMember.objects.filter(key=deeds.assign_to, is_active=True).first()
    if to is None:
        raise CannotDo(f"There is nobody {deeds.assign_to} who works here.")
    if doing.case.assignee_id == to.pk:
        return None
    held = availability.states_of([to.pk]).get(to.pk)
    if held is None or held.state not in availability.AT_WORK:
        raise CannotDo(f"{deeds.assign_to} is not at work now.")
    services.assign_case(reference=doing.case.reference, to=to, by=doing.by, now=doing.now)
    return {"after": deeds.assign_to}


def _escalate(doing: Doing, deeds: Deeds) -> dict[str, Any] | None:
    if doing.case.tier == 2:
        return None
    services.escalate_case(
        reference=doing.case.reference, by=doing.by, why=deeds.escalate_why, tried=doing.title,
        now=doing.now,
    )  # fmt: skip
    return {"after": deeds.escalate_why}


def _snooze(doing: Doing, deeds: Deeds) -> dict[str, Any]:
    until = doing.now + timedelta(hours=deeds.snooze_hours)
    if doing.owner is None:
        raise CannotDo("Nobody turned this rule on in whose name a case could be put off.")
    snooze_case(
        reference=doing.case.reference, by=doing.owner, until=until, why=doing.title, now=doing.now
    )
    return {"after": until.isoformat()}


def _notify(doing: Doing, deeds: Deeds) -> dict[str, Any]:
    words = (f"{doing.case.reference}: {doing.title}", deeds.notify)
    alert_leads(doing.case, kind="automation.noticed", words=lambda lead: words, now=doing.now)
    return {"after": deeds.notify}


def _tags_were_done(doing: Doing, deeds: Deeds) -> dict[str, Any] | None:
    """Adding and taking away is one change; what is added comes first and does both."""
    return None if deeds.add_tags else _tags(doing, deeds)


DOES: dict[str, Callable[[Doing, Deeds], dict[str, Any] | None]] = {
    "add_tags": _tags,
    "remove_tags": _tags_were_done,
    "priority": _priority,
    "note": _note,
    "macro": _macro,
    "lob": _lob,
    "assign_to": _assign,
    "escalate_why": _escalate,
    "snooze_hours": _snooze,
    "notify": _notify,
}
