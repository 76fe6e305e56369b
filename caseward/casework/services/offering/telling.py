"""Events of an offer in the chain of the person it is made to; their open pages hear of them."""

from datetime import datetime
from typing import Any

from caseward.ledger import services as ledger
from caseward.org.acting import current_actor
from caseward.routing.models import Offer


def tell_person(kind: str, offer: Offer, *, now: datetime, **data: Any) -> None:
    actor = current_actor()
    ledger.record(
        kind,
        case_id=-offer.staff_id,
        at=now,
        actor_id=actor.staff_id,
        actor_name=actor.name,
        data={"staff_id": offer.staff_id, "offer_id": offer.pk, "case_id": offer.case_id, **data},
    )
