"""The playbook of a case as a list to work through, and in words what it stands in the way of."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from caseward.casework import access
from caseward.casework.models import Case, PastReason, PlaybookStep
from caseward.casework.services.owing import Owed, may_agree, owed_gates
from caseward.casework.services.playbook import (
    NOT_ENOUGH,
    UNCONFIRMED,
    UNDONE,
    Blocking,
    StepsMissing,
    done_steps,
    state_of,
    steps_of,
)
from caseward.core.proof_ladder import Ladder
from caseward.org.models import StaffMember
from caseward.policy.playbooks import LADDER, Step, ladder
from caseward.web.languages import named
from caseward.web.views.desk.showing import moments
from caseward.web.views.desk.showing.colleagues import name_for

RUNGS = {
    "known-device": lazy("Signed in from a device the account has used before"),
    "old-factor": lazy("Answered from the e-mail address or phone set before it was lost"),
    "earlier-payment": lazy("Knows an earlier payment"),
    "in-app-challenge": lazy("Passed a challenge inside the app"),
    "liveness": lazy("A living face matches the profile"),
    "document": lazy("A document matches name and date of birth"),
    "attestation": lazy("A second person known to us vouches for them"),
}
RISKS = {
    "many-followers": lazy("Many followers"),
    "payouts": lazy("Earns or spends money"),
    "minor": lazy("A minor's account"),
    "public-figure": lazy("A public figure"),
}
LACKS = {
    UNDONE: lazy("not done yet"),
    NOT_ENOUGH: lazy("the proof is not enough yet"),
    UNCONFIRMED: lazy("a second person has to confirm it"),
}


def playbook(case: Case, reader: StaffMember, *, now: datetime) -> dict[str, Any]:
    """Return the steps a case calls for, each with what the reader may do about it."""
    owed = owed_gates(case)
    steps = _each_once([*steps_of(case), *(each.step for each in owed)])
    done = done_steps(case) if steps else {}
    names = _names(done.values())
    shown = [_step(step, done.get(step.key), case, reader, names, now) for step in steps]
    ready = sum(step["is_ready"] for step in shown)
    words = ngettext("%(ready)d of %(count)d step", "%(ready)d of %(count)d steps", len(shown))
    return {
        "steps": shown,
        "progress": words % {"ready": ready, "count": len(shown)},
        "owed": [_owed(past, case, reader) for past in _reasons(owed)],
    }


def _each_once(steps: Iterable[Step]) -> list[Step]:
    """Return steps by their key: what the case calls for now is shown before what it owes."""
    found: dict[str, Step] = {}
    for step in steps:
        found.setdefault(step.key, step)
    return list(found.values())


def _reasons(owed: Iterable[Owed]) -> list[PastReason]:
    return list({each.past.pk: each.past for each in owed}.values())


def _owed(past: PastReason, case: Case, reader: StaffMember) -> dict[str, Any]:
    """Return an earlier reason whose gates are owed, with what the reader may do about it."""
    is_asked = past.asked_by_id is not None
    may_work = access.may_change(case, reader) and not case.is_finished
    may = not case.is_finished and may_agree(case, past, reader)
    return {
        "reason_id": past.reason_id,
        "reason": named(past.reason),
        "is_asked": is_asked,
        "can_agree": may,
        "can_ask": may_work and not is_asked and not may,
    }


def _step(
    step: Step,
    done: PlaybookStep | None,
    case: Case,
    reader: StaffMember,
    names: Mapping[int, str],
    now: datetime,
) -> dict[str, Any]:
    may_work = access.may_change(case, reader) and not case.is_finished
    is_for_reader = step.may_be_done_in(reader.tier)
    lacks = state_of(step, done)
    return {
        "key": step.key,
        "text": step.text_in(_language()),
        "check": step.check,
        "choices": [(key, _named(names)) for key, names in (step.choices or {}).items()],
        "is_gate": step.is_gate,
        "is_ready": not lacks,
        "lacks": LACKS[lacks] if lacks and done else "",
        "is_done": done is not None,
        "answer": _answer(step, done),
        "done_at": done.done_at.isoformat() if done else "",
        "who": _who(done, reader, names, now) if done else "",
        "for_whom": "" if is_for_reader else whose(step),
        "can_do": may_work and is_for_reader and done is None,
        "can_undo": may_work and done is not None and _may_undo(done, reader),
        "can_confirm": _can_confirm(lacks, done, case, reader) and is_for_reader,
        "ladder": _ladder(done) if step.check == LADDER else None,
    }


def _may_undo(done: PlaybookStep, reader: StaffMember) -> bool:
    return done.done_by_id == reader.pk or reader.leads_people


def _can_confirm(lacks: str, done: PlaybookStep | None, case: Case, reader: StaffMember) -> bool:
    is_another = done is not None and done.done_by_id != reader.pk
    return lacks == UNCONFIRMED and is_another and not case.is_finished


def _who(done: PlaybookStep, reader: StaffMember, names: Mapping[int, str], now: datetime) -> str:
    by = name_for(reader, staff_id=done.done_by_id, name=names.get(done.done_by_id, ""))
    said = _("%(name)s, %(when)s") % {"name": by, "when": moments.moment(done.done_at, now=now)}
    if done.confirmed_by_id is None:
        return said
    second = name_for(
        reader, staff_id=done.confirmed_by_id, name=names.get(done.confirmed_by_id, "")
    )
    return _("%(done)s; confirmed by %(name)s") % {"done": said, "name": second}


def _names(done: Iterable[PlaybookStep]) -> dict[int, str]:
    """Return names of who did what; rows a vendor's staff may not read are left out, not joined."""
    people = {who for step in done for who in (step.done_by_id, step.confirmed_by_id) if who}
    if not people:
        return {}
    return dict(StaffMember.objects.filter(pk__in=people).values_list("pk", "name"))


def _answer(step: Step, done: PlaybookStep | None) -> str:
    if done is None or step.check == "TICK":
        return ""
    if step.check == LADDER:
        return _score(done)
    value = done.answer.get("value", "")
    return _named((step.choices or {}).get(value, {"en": str(value)}))


def _score(done: PlaybookStep) -> str:
    known, answer = ladder(), done.answer
    return _("%(score)d of %(needed)d points") % {
        "score": known.score(answer.get("rungs") or ()),
        "needed": known.threshold(answer.get("risks") or ()),
    }


def _ladder(done: PlaybookStep | None) -> dict[str, Any]:
    known: Ladder = ladder()
    answer = done.answer if done else {}
    return {
        "needed": known.needed,
        "rungs": [
            {"key": rung.key, "label": RUNGS.get(rung.key, rung.key), "score": rung.score}
            for rung in known.rungs
        ],
        "risks": [
            {"key": key, "label": RISKS.get(key, key), "score": points}
            for key, points in known.risks.items()
        ],
        "would_do": [
            RUNGS.get(key, key)
            for key in known.would_do(answer.get("rungs") or (), answer.get("risks") or ())
        ]
        if done
        else [],
    }


def whose(step: Step) -> str:
    """Say who may do a step."""
    return _("tier 2") if step.tiers == (2,) else _("tier 1")


def steps_missing(refusal: StepsMissing) -> str:
    """Say which steps stand in the way and who can do them."""
    return _(
        "This case cannot end like this yet. Its playbook first asks for: %(steps)s. "
        "Nothing was sent or changed."
    ) % {"steps": "; ".join(map(_missing, refusal.blocking))}


def _missing(blocking: Blocking) -> str:
    words = _("“%(text)s” (%(lacks)s)")
    if blocking.step.tiers:
        words = _("“%(text)s” (%(lacks)s; done by %(who)s)")
    return words % {
        "text": blocking.step.text_in(_language()),
        "lacks": LACKS[blocking.why],
        "who": whose(blocking.step),
    }


def _named(names: Any) -> str:
    return str(names.get(_language()) or names.get("en") or next(iter(names.values()), ""))


def _language() -> str:
    return (get_language() or "en")[:2]
