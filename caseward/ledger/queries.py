"""Reading what happened."""

from django.db.models import QuerySet

from caseward.ledger.models import Event


def timeline(case_id: int) -> QuerySet[Event]:
    """Return the events of a case, newest first."""
    return Event.objects.filter(case_id=case_id).order_by("-seq")


def last_number(case_id: int) -> int:
    """Return the number of the newest event of a case the reader may see; 0 when there is none."""
    newest = timeline(case_id).values_list("seq", flat=True).first()
    return newest or 0


def newer_by_others(case_id: int, *, than: int, actor_id: int | None) -> QuerySet[Event]:
    """Return what others did to a case after event number `than`, oldest first."""
    return (
        Event.objects.filter(case_id=case_id, seq__gt=than)
        .exclude(actor_id=actor_id)
        .order_by("seq")
    )
