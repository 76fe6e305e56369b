"""Accepting what is offered, or passing it on."""

from datetime import datetime

from django.db import transaction

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.assigning.giving import give, refuse_what_is_barred
from caseward.casework.services.offering.ending import end_offer
from caseward.org.models import StaffMember
from caseward.routing.models import Offer

SEEN_ALREADY = frozenset({"unavailable", "capacity", "off_shift"})
"""Asked about before the offer was made; who accepts is there and has room enough."""


class OfferGone(Exception):
    """The offer ran out, was answered, or the case is somebody else's by now."""


@transaction.atomic
def accept_offer(*, offer_id: int, by: StaffMember, now: datetime) -> Case:
    """Take the case that is offered. Accepting twice answers the same.

    Raises:
        OfferGone: too late; nothing was changed.
        CannotTakeIt: a hard rule speaks against it by now.
    """
    offer = _own(offer_id, by)
    case = _locked(offer, by)
    if offer.outcome == Offer.Outcome.ACCEPTED and case.assignee_id == by.pk:
        return case
    offer = _open(offer, now)
    if case.assignee_id is not None or case.status not in Case.WAITING:
        raise OfferGone(offer_id)
    refuse_what_is_barred(case, to=by, now=now, lifted=SEEN_ALREADY)
    end_offer(offer, Offer.Outcome.ACCEPTED, now=now)
    give(case, to=by, by=by, now=now, how="offered", why=offer.why)
    return case


@transaction.atomic
def pass_on_offer(*, offer_id: int, by: StaffMember, why: str, now: datetime) -> None:
    """Leave the case to somebody else, saying why if one likes.

    Raises:
        OfferGone: too late; nothing was changed.
    """
    offer = _own(offer_id, by)
    _locked(offer, by)
    end_offer(_open(offer, now), Offer.Outcome.DECLINED, now=now, why=why.strip()[:200])


def _own(offer_id: int, by: StaffMember) -> Offer:
    offer = Offer.objects.filter(pk=offer_id, staff=by).first()
    if offer is None:
        raise OfferGone(offer_id)
    return offer


def _locked(offer: Offer, by: StaffMember) -> Case:
    """Lock the case first, as every verb does, so that two of them never wait for each other."""
    case = access.visible_cases(by).select_for_update(of=("self",)).filter(pk=offer.case_id).first()
    if case is None:
        raise OfferGone(offer.pk)
    return case


def _open(offer: Offer, now: datetime) -> Offer:
    held = Offer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if held.outcome or held.expires_at <= now:
        raise OfferGone(offer.pk)
    return held
