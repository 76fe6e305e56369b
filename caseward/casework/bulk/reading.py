"""Whose bulk actions somebody may look at and stop, and how far one is."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from caseward.casework.access import MOVES_ANY_CASE, lobs_of
from caseward.casework.models import BulkAction, BulkItem
from caseward.org.models import StaffMember


class NoSuchAction(Exception):
    """No such bulk action, or not one of this person's."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How many cases are in each state, and why some were left out."""

    states: Mapping[str, int]
    skipped: Mapping[str, int]
    kept: Mapping[str, int]

    @property
    def cases(self) -> int:
        return sum(self.states.values())

    @property
    def waiting(self) -> int:
        return self.states.get(BulkItem.State.WAITING, 0)

    @property
    def done(self) -> int:
        return self.states.get(BulkItem.State.DONE, 0)


def _seen_by(by: StaffMember) -> QuerySet[BulkAction]:
    """Return one's own actions; for those who lead also those on cases of their lines alone."""
    actions = BulkAction.objects.select_related("by")
    if by.role not in MOVES_ANY_CASE:
        return actions.filter(by=by)
    foreign = BulkItem.objects.filter(action=OuterRef("pk")).exclude(case__lob_id__in=lobs_of(by))
    return actions.filter(Q(by=by) | ~Exists(foreign))


def actions_of(by: StaffMember) -> QuerySet[BulkAction]:
    """Return the bulk actions somebody sees that were started, newest first."""
    started = _seen_by(by).exclude(state=BulkAction.State.CHOOSING)
    return started.order_by("-created_at", "-pk")


def action_to_read(*, action_id: int, by: StaffMember) -> BulkAction:
    """Return one's own action, or for those who lead one on cases of their lines.

    Raises:
        NoSuchAction: see there.
    """
    action = _seen_by(by).filter(pk=action_id).first()
    if action is None:
        raise NoSuchAction(action_id)
    return action


def action_to_change(*, action_id: int, by: StaffMember) -> BulkAction:
    """Return an action as `action_to_read` does, its row locked until the transaction ends.

    Only its author decides what an unstarted one does; others may cancel and undo a started one.

    Raises:
        NoSuchAction: see there.
    """
    action_to_read(action_id=action_id, by=by)
    action = BulkAction.objects.select_for_update().filter(pk=action_id).first()
    is_anothers = action is not None and action.by_id != by.pk
    if action is None or (is_anothers and action.state == BulkAction.State.CHOOSING):
        raise NoSuchAction(action_id)
    return action


def progress_of(action: BulkAction) -> Progress:
    """Count the cases of an action by state, in one query."""
    rows = action.items.order_by().values("state", "why").annotate(n=Count("pk"))
    states: dict[str, int] = {}
    reasons: dict[str, dict[str, int]] = {"SKIPPED": {}, "KEPT": {}}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + row["n"]
        if row["state"] in reasons:
            reasons[row["state"]][row["why"]] = row["n"]
    return Progress(states, reasons["SKIPPED"], reasons["KEPT"])
