"""Ending offers: by their answer, by time, because nobody is there, because the case is gone."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from caseward.casework.models import Case
from caseward.casework.services.offering.telling import tell_person
from caseward.casework.services.recording import record
from caseward.org.models import StaffMember
from caseward.routing import availability
from caseward.routing.models import Availability, Offer

AT_ONCE = 200


@transaction.atomic
def end_lapsed_offers(*, now: datetime) -> int:
    """End offers that can no longer be answered; return how many.

    Who did not answer although the page is open gets no more offers until they say that they are
    available; whose page is closed is off. Neither is a mark against anybody.
    """
    lapsed = _lapsed(now)
    for offer in lapsed:
        held = (
            Availability.objects.select_for_update(of=("self",)).filter(pk=offer.staff_id).first()
        )
        if held is None or not (_still_waits(offer.case) and _is_available(held)):
            end_offer(offer, Offer.Outcome.WITHDRAWN, now=now)
        else:
            end_offer(offer, Offer.Outcome.TIMED_OUT, now=now)
            _rest(held, now)
    return len(lapsed)


def end_offers_to(staff: StaffMember, *, now: datetime) -> None:
    """Withdraw what somebody is being asked about: they said that they take nothing now."""
    held = Offer.objects.filter(staff=staff, outcome="").select_related("case", "staff")
    for offer in held.order_by("pk").select_for_update(of=("self",)):
        end_offer(offer, Offer.Outcome.WITHDRAWN, now=now)


def _lapsed(now: datetime) -> list[Offer]:
    gone = Q(staff__availability__seen_at__lt=now - availability.THERE_FOR_AN_OFFER)
    away = ~Q(staff__availability__state=Availability.State.AVAILABLE)
    taken = Q(case__assignee__isnull=False) | ~Q(case__status__in=Case.WAITING)
    snoozed = Q(case__snoozed_until__isnull=False)
    moved = ~Q(case__queue__mode="PUSH")
    over = Q(expires_at__lte=now) | gone | away | taken | snoozed | moved
    locked = Offer.objects.select_for_update(skip_locked=True, of=("self",)).filter(
        over, outcome=""
    )
    return list(locked.select_related("case").order_by("pk")[:AT_ONCE])


def _still_waits(case: Case) -> bool:
    return case.assignee_id is None and case.status in Case.WAITING and case.snoozed_until is None


def _is_available(held: Availability) -> bool:
    return held.state == Availability.State.AVAILABLE


def _rest(held: Availability, now: datetime) -> None:
    if held.seen_at < now - availability.THERE_FOR_AN_OFFER:
        availability.go_off(held, now=now)
    else:
        availability.miss_offer(held, now=now)


def end_offer(offer: Offer, outcome: Offer.Outcome, *, now: datetime, why: str = "") -> None:
    """Write how an offer ended, on the case and for the person."""
    offer.outcome, offer.answered_at = outcome, max(now, offer.offered_at)
    offer.save(update_fields=["outcome", "answered_at"])
    kinds = {
        Offer.Outcome.ACCEPTED: "offer.accepted",
        Offer.Outcome.DECLINED: "offer.declined",
        Offer.Outcome.TIMED_OUT: "offer.timed_out",
        Offer.Outcome.WITHDRAWN: "offer.withdrawn",
    }
    about: dict[str, Any] = {
        "to_id": offer.staff_id,
        "to_name": offer.staff.name,
        "offer_id": offer.pk,
    }
    record(kinds[outcome], offer.case, at=now, note=why, **about)
    tell_person("staff.offer_ended", offer, now=now, outcome=outcome.value)
