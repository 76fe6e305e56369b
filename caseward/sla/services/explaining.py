"""Saying why a promise was missed; every miss waits for that."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.models import StaffMember
from caseward.sla.models import Miss

MOST_AT_ONCE = 200


class NothingExplained(Exception):
    """A miss is explained by a cause and a sentence; one of them is missing."""


class MayNotExplain(Exception):
    """Those who lead people explain what was missed."""


@transaction.atomic
def explain(
    *, clock_ids: Sequence[int], by: StaffMember, cause: str, text: str, now: datetime
) -> int:
    """Explain some misses alike; return how many. A later explanation replaces an earlier one.

    Raises:
        MayNotExplain, NothingExplained: see there.
    """
    if not by.leads_people or by.vendor_id is not None:
        raise MayNotExplain
    if cause not in Miss.Cause.values or not text.strip():
        raise NothingExplained
    misses = Miss.objects.filter(pk__in=clock_ids[:MOST_AT_ONCE]).order_by("case_id", "pk")
    locked = list(misses.select_for_update())
    for miss in locked:
        before = {"cause": miss.cause, "text": miss.text}
        miss.cause, miss.text = cause, text.strip()[:500]
        miss.explained_by, miss.explained_at = by, now
        miss.save(update_fields=["cause", "text", "explained_by", "explained_at"])
        _tell(miss, before, by, now)
    return len(locked)


@transaction.atomic
def take_back_explanation(*, clock_id: int, by: StaffMember, now: datetime) -> bool:
    """Let a miss wait for its explanation again; return whether it had one."""
    if not by.leads_people or by.vendor_id is not None:
        raise MayNotExplain
    explained = Miss.objects.select_for_update().filter(pk=clock_id, explained_at__isnull=False)
    miss = explained.first()
    if miss is None:
        return False
    before = {"cause": miss.cause, "text": miss.text}
    miss.cause = miss.text = ""
    miss.explained_by = miss.explained_at = None
    miss.save(update_fields=["cause", "text", "explained_by", "explained_at"])
    _tell(miss, before, by, now)
    return True


def _tell(miss: Miss, before: dict[str, str], by: StaffMember, now: datetime) -> None:
    ledger.record(
        "miss.explained" if miss.cause else "miss.reopened",
        case_id=miss.case_id,
        at=now,
        actor_id=by.pk,
        actor_name=by.name,
        audience=Event.Audience.IN_HOUSE,
        data={"clock": miss.kind, "cause": miss.cause, "text": miss.text, "before": before},
    )
