"""What a case is: its priority, its reason, its tags."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.clocking import look_at_law
from caseward.casework.services.promising import hold_to_promises
from caseward.casework.services.recording import record, refresh_urgency
from caseward.core.tags import tag_of
from caseward.org.models import StaffMember
from caseward.policy.models import Reason

MOST_TAGS = 20


@transaction.atomic
def change_priority(
    *, reference: str, by: StaffMember, priority: int, now: datetime, seen: int | None = None
) -> Case:
    """Change how urgent a case is; its running clocks are held to the promises of that priority."""
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    if case.priority == priority:
        return case
    before, case.priority, case.updated_at = case.priority, priority, now
    record("case.prioritised", case, at=now, by=by, before=before, after=priority)
    hold_to_promises(case, at=now, by=by)
    case.save(update_fields=["priority", "urgency", "updated_at"])
    return case


@transaction.atomic
def change_reason(
    *, reference: str, by: StaffMember, reason: Reason, now: datetime, seen: int | None = None
) -> Case:
    """Say what a case is about.

    Raises:
        ValueError: the reason belongs to another line of business; transfer the case instead.
    """
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    if reason.lob_id != case.lob_id:
        raise ValueError(f"{reason.key} is no reason of line of business {case.lob_id}")
    _put_reason(case, reason.pk, by, now)
    _find_laws(case, by, now)
    return case


def _put_reason(case: Case, reason_id: int | None, by: StaffMember, now: datetime) -> None:
    before, case.reason_id, case.updated_at = case.reason_id, reason_id, now
    case.save(update_fields=["reason", "updated_at"])
    record("case.recognised", case, at=now, by=by, before=before, reason_id=reason_id)


@transaction.atomic
def set_tags(*, reference: str, by: StaffMember, tags: Iterable[str], now: datetime) -> Case:
    """Replace the tags of a case, each once, at most 20; see `core.tags` for what a tag is.

    Raises:
        NotATag: one of them is no tag, and the case did not have it before.
    """
    case = access.case_to_change(reference=reference, by=by)
    named = (tag if tag in case.tags else tag_of(tag) for tag in tags)
    _put_tags(case, list(dict.fromkeys(named))[:MOST_TAGS], by, now)
    return case


def _put_tags(case: Case, tags: list[str], by: StaffMember, now: datetime) -> None:
    if tags != case.tags:
        case.tags, case.updated_at = tags, now
        case.save(update_fields=["tags", "updated_at"])
        record("case.tagged", case, at=now, by=by, tags=tags)
        _find_laws(case, by, now)


def how_sorted(case: Case) -> dict[str, Any]:
    """Return what the verbs of this module change, for `sort_back`."""
    return {"priority": case.priority, "reason_id": case.reason_id, "tags": list(case.tags)}


@transaction.atomic
def sort_back(*, reference: str, by: StaffMember, before: dict[str, Any], now: datetime) -> None:
    """Let a case be sorted as it was; what is not among `before` stays.

    Clocks of laws that were started meanwhile run on: they are taken back by their own verb.
    """
    if not before.keys() & {"priority", "reason_id", "tags"}:
        return
    case = access.case_to_change(reference=reference, by=by)
    if case.reason_id != before.get("reason_id", case.reason_id):
        _put_reason(case, before["reason_id"], by, now)
    if "priority" in before:
        change_priority(reference=reference, by=by, priority=before["priority"], now=now)
    if "tags" in before:
        case = access.case_to_change(reference=reference, by=by)
        _put_tags(case, before["tags"], by, now)


def _find_laws(case: Case, by: StaffMember, now: datetime) -> None:
    if look_at_law(case, at=now, by=by):
        refresh_urgency(case)
        case.save(update_fields=["urgency"])
