"""One's own order of the cases in hand."""

from enum import StrEnum

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case, PersonalPlace
from caseward.org.models import StaffMember


class Move(StrEnum):
    """Where a case goes in one's own order."""

    TOP = "top"
    UP = "up"
    DOWN = "down"
    BACK = "back"  # to where its deadline puts it


class NotInHand(Exception):
    """The case is not among those this person works on."""


@transaction.atomic
def arrange(*, reference: str, by: StaffMember, move: Move) -> None:
    """Move a case within the list of what somebody works on.

    Those above it keep their places; those never moved follow by urgency.

    Raises:
        access.CaseNotVisible: no such case, or not this person's.
        NotInHand: somebody else works on it, or it is finished.
    """
    case = access.case_to_read(reference=reference, by=by)
    StaffMember.objects.select_for_update(no_key=True).only("pk").get(pk=by.pk)
    ranks, ids = _in_hand(by)
    if case.pk not in ids:
        raise NotInHand(reference)
    if move is Move.BACK:
        kept = [pk for pk in ids if pk in ranks and pk != case.pk]
    else:
        kept = _moved(ids, case.pk, move, placed=len(ranks))
    _keep(by, kept[: PersonalPlace.MOST])


def _in_hand(by: StaffMember) -> tuple[dict[int, int], list[int]]:
    """Return the places somebody gave, and all cases in hand in their order."""
    cases = Case.objects.filter(assignee=by).exclude(status__in=Case.FINISHED)
    urgency = dict(cases.values_list("pk", "urgency"))
    given = PersonalPlace.objects.filter(staff=by, case_id__in=urgency)
    ranks = dict(given.values_list("case_id", "rank"))
    after_all = PersonalPlace.MOST + 1
    ids = sorted(urgency, key=lambda pk: (ranks.get(pk, after_all), urgency[pk], pk))
    return ranks, ids


def _moved(ids: list[int], pk: int, move: Move, *, placed: int) -> list[int]:
    """Return the cases that now have a place: down to the moved one, and all that had one."""
    here = ids.index(pk)
    there = {Move.TOP: 0, Move.UP: max(0, here - 1), Move.DOWN: here + 1}[move]
    rest = [*ids[:here], *ids[here + 1 :]]
    there = min(there, len(rest))
    moved = [*rest[:there], pk, *rest[there:]]
    return moved[: max(there + 1, placed)]


def _keep(by: StaffMember, ids: list[int]) -> None:
    PersonalPlace.objects.filter(staff=by).delete()
    PersonalPlace.objects.bulk_create(
        PersonalPlace(staff=by, case_id=pk, rank=rank) for rank, pk in enumerate(ids, start=1)
    )
