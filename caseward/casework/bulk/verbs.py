"""What can be done to many cases at once: how each verb is checked, done and undone.

A verb answers why it leaves a case out with one of the words below; nothing is ever forced.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from caseward.casework import services
from caseward.casework.access import MOVES_ANY_CASE
from caseward.casework.facts import facts_of
from caseward.casework.models import BulkAction, Case
from caseward.casework.services import sorting
from caseward.casework.services.assigning.landing import hand_back
from caseward.casework.services.assigning.moving import move_case
from caseward.casework.services.macros import ChosenMacro, reply_with_macros
from caseward.casework.services.snoozing import NotWhen
from caseward.org.models import LineOfBusiness, StaffMember
from caseward.policy import queries as policy
from caseward.policy.macros import filled, is_usable, macros_for, unfilled
from caseward.policy.models import Disposition, MacroVersion
from caseward.routing import queries as routing_queries
from caseward.routing import services as routing

REPLIES_WAIT = timedelta(minutes=10)  # so long they can be taken back
MOVED = "Undone: moved by mistake."

type About = dict[str, Any]


class CannotBeDone(Exception):
    """This case is left out; `args[0]` is the word for why."""


class CannotBeUndone(CannotBeDone):
    """What was done to this case stays."""


@dataclass(frozen=True, slots=True)
class Doing:
    """What a verb is called with."""

    case: Case
    about: About
    by: StaffMember
    now: datetime

    @property
    def named(self) -> dict[str, Any]:
        return {"reference": self.case.reference, "by": self.by, "now": self.now}


@dataclass(frozen=True, slots=True)
class BulkVerb:
    """`refuses` says why a case is left out; `does` returns what `undoes` needs to put back."""

    refuses: Callable[[Case, About], str]
    does: Callable[[Doing], dict[str, Any]]
    undoes: Callable[[Doing, dict[str, Any]], None]
    is_for_finished: bool = False


def _assign_refused(case: Case, about: About) -> str:
    if case.assignee_id == about["to"]:
        return "already"
    return "" if case.queue_id in routing_queries.own_queues(about["to"]) else "cannot_take"


def _assign(doing: Doing) -> dict[str, Any]:
    before = {"assignee_id": doing.case.assignee_id}
    colleague = StaffMember.objects.get(pk=doing.about["to"])
    services.assign_case(to=colleague, **doing.named)
    return before


def _put_in_hands(doing: Doing, before: dict[str, Any]) -> None:
    hand_back(staff_id=before["assignee_id"], **doing.named)


def _release_refused(case: Case, _about: About) -> str:
    return "" if case.assignee_id else "already"


def _release(doing: Doing) -> dict[str, Any]:
    before = {"assignee_id": doing.case.assignee_id}
    services.release_case(**doing.named)
    return before


def _transfer_refused(case: Case, about: About) -> str:
    lob_id, language = _place(case, about)
    if (case.lob_id, case.language) == (lob_id, language):
        return "already"
    vendor_id = case.vendor_id if case.tier == 1 else None
    try:
        routing.queue_of(tier=case.tier, vendor_id=vendor_id, lob_id=lob_id, language=language)
    except routing.NowhereToWait:
        return "nowhere"
    return ""


def _place(case: Case, about: About) -> tuple[int, str]:
    return about.get("lob") or case.lob_id, about.get("language") or case.language


def _transfer(doing: Doing) -> dict[str, Any]:
    case = doing.case
    before = {
        "lob_id": case.lob_id, "language": case.language, "reason_id": case.reason_id,
        "assignee_id": case.assignee_id,
    }  # fmt: skip
    lob_id, language = _place(case, doing.about)
    _move(doing, lob_id, language, doing.about["why"])
    return before


def _move(doing: Doing, lob_id: int, language: str, why: str) -> None:
    lob = LineOfBusiness.objects.get(pk=lob_id)
    services.transfer_case(lob=lob, language=language, why=why, **doing.named)


def _move_back(doing: Doing, before: dict[str, Any]) -> None:
    _move(doing, before["lob_id"], before["language"], MOVED)
    _as_it_was(doing, before)


def _queue_refused(case: Case, about: About) -> str:
    return "already" if case.queue_id == about["queue"] and not case.assignee_id else ""


def _to_queue(doing: Doing) -> dict[str, Any]:
    case = doing.case
    before = {
        "queue_id": case.queue_id, "reason_id": case.reason_id, "assignee_id": case.assignee_id,
    }  # fmt: skip
    _wait_in(doing, doing.about["queue"], doing.about["why"])
    return before


def _wait_in(doing: Doing, queue_id: int, why: str) -> None:
    if doing.by.role not in MOVES_ANY_CASE:
        raise CannotBeDone("not_yours")
    queue = routing_queries.queues()[queue_id]
    move_case(to_queue=queue, why=why, **doing.named)


def _out_of_queue(doing: Doing, before: dict[str, Any]) -> None:
    _wait_in(doing, before["queue_id"], MOVED)
    _as_it_was(doing, before)


def _as_it_was(doing: Doing, before: dict[str, Any]) -> None:
    """Give a case that moved back its reason and whoever had it."""
    reason = policy.reasons().get(before["reason_id"] or 0)
    doing.case.refresh_from_db(fields=["reason", "assignee"])
    if reason and reason.pk != doing.case.reason_id:
        services.change_reason(reason=reason, **doing.named)
    if before["assignee_id"]:
        _put_in_hands(doing, before)


def _snooze_refused(case: Case, about: About) -> str:
    until = datetime.fromisoformat(about["until"])
    if case.snoozed_until == until:
        return "already"
    due_second = case.urgency // 10
    is_due_before = due_second < min(Case.NOTHING_RUNNING, until.timestamp())
    return "due_before" if is_due_before and not about.get("anyway") else ""


def _snooze(doing: Doing) -> dict[str, Any]:
    case = doing.case
    until = case.snoozed_until
    before = {"until": until.isoformat() if until else "", "why": case.snoozed_why}
    _out_of_sight(doing, doing.about["until"], doing.about["why"])
    return before


def _out_of_sight(doing: Doing, until: str, why: str) -> None:
    try:
        services.snooze_case(until=datetime.fromisoformat(until), why=why, **doing.named)
    except NotWhen:
        raise CannotBeDone("too_late") from None


def _show_again(doing: Doing, before: dict[str, Any]) -> None:
    if before["until"] and datetime.fromisoformat(before["until"]) > doing.now:
        _out_of_sight(doing, before["until"], before["why"])
    else:
        services.wake_case(**doing.named)


def _priority_refused(case: Case, about: About) -> str:
    return "already" if case.priority == about["priority"] else ""


def _prioritise(doing: Doing) -> dict[str, Any]:
    before = {"priority": doing.case.priority}
    services.change_priority(priority=doing.about["priority"], **doing.named)
    return before


def _put_priority_back(doing: Doing, before: dict[str, Any]) -> None:
    services.change_priority(priority=before["priority"], **doing.named)


def _tag_refused(case: Case, about: About) -> str:
    if about["tag"] in case.tags:
        return "already"
    return "too_many_tags" if len(case.tags) >= sorting.MOST_TAGS else ""


def _untag_refused(case: Case, about: About) -> str:
    return "" if about["tag"] in case.tags else "already"


def _tag(doing: Doing) -> dict[str, Any]:
    before = {"tags": list(doing.case.tags)}
    services.set_tags(tags=[*doing.case.tags, doing.about["tag"]], **doing.named)
    return before


def _untag(doing: Doing) -> dict[str, Any]:
    before = {"tags": list(doing.case.tags)}
    kept = [tag for tag in doing.case.tags if tag != doing.about["tag"]]
    services.set_tags(tags=kept, **doing.named)
    return before


def _put_tags_back(doing: Doing, before: dict[str, Any]) -> None:
    services.set_tags(tags=before["tags"], **doing.named)


def _note(doing: Doing) -> dict[str, Any]:
    services.add_note(
        text=doing.about["text"], in_house_only=bool(doing.about.get("in_house")), **doing.named
    )
    return {}


def _note_stays(_doing: Doing, _before: dict[str, Any]) -> None:
    raise CannotBeUndone("note_stays")


def _reply_refused(case: Case, about: About) -> str:
    if case.language not in about["texts"]:
        return "no_text"
    return "unfilled" if unfilled(_text(case, about)) else _ending_refused(case, about)


def _text(case: Case, about: About) -> str:
    names = [party.name for party in case.parties.all() if party.part == "REQUESTER"]
    known = {"requester_name": next(iter(names), ""), "reference": case.reference}
    return filled(about["texts"][case.language], known)


def _reply(doing: Doing) -> dict[str, Any]:
    text = _text(doing.case, doing.about)
    version = _usable_version(doing.case, doing.about["macro"])
    message = reply_with_macros(
        text=text,
        macros=[ChosenMacro(version, doing.case.language, rendered=text)],
        undo=REPLIES_WAIT,
        is_pending=bool(doing.about.get("is_pending")),
        disposition=_disposition(doing.case, doing.about),
        takes=False,
        **doing.named,
    )
    return {"message_id": message.pk}


def _usable_version(case: Case, key: str) -> MacroVersion:
    """Return the macro as it is released now, where it is fit for a case."""
    found = next((each for each in macros_for(case.lob_id) if each.macro.key == key), None)
    if found is None or not is_usable(found, facts_of(case)):
        raise CannotBeDone("not_for_it")
    return found


def _take_back(doing: Doing, before: dict[str, Any]) -> None:
    try:
        services.take_back_reply(message_id=before["message_id"], by=doing.by, now=doing.now)
    except services.TooLate:
        raise CannotBeUndone("has_left") from None


def _ending_refused(case: Case, about: About) -> str:
    wants_one = bool(about.get("disposition"))
    return "other_lob" if wants_one and _disposition(case, about) is None else ""


def _disposition(case: Case, about: About) -> Disposition | None:
    key = about.get("disposition")
    return next((each for each in policy.dispositions_of(case.lob_id) if each.key == key), None)


def _resolve(doing: Doing) -> dict[str, Any]:
    disposition = _disposition(doing.case, doing.about)
    if disposition is None:
        raise LookupError(doing.about["disposition"])
    services.resolve_case(disposition=disposition, **doing.named)
    return {}


def _reopen(doing: Doing, _before: dict[str, Any]) -> None:
    services.reopen_case(**doing.named)


KINDS = BulkAction.Kind
VERBS: dict[str, BulkVerb] = {
    KINDS.ASSIGN: BulkVerb(_assign_refused, _assign, _put_in_hands),
    KINDS.RELEASE: BulkVerb(_release_refused, _release, _put_in_hands),
    KINDS.TRANSFER: BulkVerb(_transfer_refused, _transfer, _move_back),
    KINDS.MOVE: BulkVerb(_queue_refused, _to_queue, _out_of_queue),
    KINDS.SNOOZE: BulkVerb(_snooze_refused, _snooze, _show_again),
    KINDS.PRIORITY: BulkVerb(_priority_refused, _prioritise, _put_priority_back),
    KINDS.TAG: BulkVerb(_tag_refused, _tag, _put_tags_back, is_for_finished=True),
    KINDS.UNTAG: BulkVerb(_untag_refused, _untag, _put_tags_back, is_for_finished=True),
    KINDS.NOTE: BulkVerb(lambda _case, _about: "", _note, _note_stays, is_for_finished=True),
    KINDS.REPLY: BulkVerb(_reply_refused, _reply, _take_back),
    KINDS.RESOLVE: BulkVerb(_ending_refused, _resolve, _reopen),
}


def refusal(verb: BulkVerb, case: Case, about: About) -> str:
    """Return the word for why a case is left out, as it is now; empty when it is not."""
    if case.is_finished and not verb.is_for_finished:
        return "finished"
    return verb.refuses(case, about)
