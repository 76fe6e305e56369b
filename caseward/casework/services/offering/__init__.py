"""Offering cases of push queues to people: made in batches, answered in time or offered again."""

from caseward.casework.services.offering.answering import OfferGone, accept_offer, pass_on_offer
from caseward.casework.services.offering.ending import end_lapsed_offers
from caseward.casework.services.offering.making import offer_waiting_cases, open_offer_of

__all__ = [
    "OfferGone",
    "accept_offer",
    "end_lapsed_offers",
    "offer_waiting_cases",
    "open_offer_of",
    "pass_on_offer",
]
