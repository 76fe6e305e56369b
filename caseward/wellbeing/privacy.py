"""What is kept here about people, for how long, and how it is given out or erased.

| Table | About | Kept |
| --- | --- | --- |
| `exposure` | what somebody met | until they are erased: it is their own record of their work |
| `looking` | what is on their screen | until they look away |
| `optout` | what they do not want to meet | until they take it back |
| `stop` | what they gave back at once | ten minutes |
| `consent` | what they were asked to take | 90 days |
| `glance` | who looked at sums | 90 days |

No manager gets any of it in an export; the person gets all of it in theirs.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Model

from caseward.org.acting import Actor, acting
from caseward.wellbeing.models import Consent, Exposure, Glance, OptOut
from caseward.wellbeing.services import forget

KEPT = timedelta(days=90)

__all__ = ["everything_about", "forget", "forget_old"]


def everything_about(staff_id: int) -> dict[str, list[dict[str, Any]]]:
    """Return everything kept about somebody, to be handed to that person alone."""
    with acting(Actor.system("privacy")):
        return {
            model._meta.model_name or "": _rows(model, staff_id)
            for model in (Exposure, OptOut, Consent, Glance)
        }


def _rows(model: type[Model], staff_id: int) -> list[dict[str, Any]]:
    return list(model._default_manager.filter(staff_id=staff_id).order_by("pk").values())


def forget_old(*, now: datetime) -> int:
    """Remove requests and looks at sums older than 90 days; return how many. Caseward's alone."""
    asked = Consent.objects.filter(expires_at__lt=now - KEPT).delete()[0]
    return asked + Glance.objects.filter(at__lt=now - KEPT).delete()[0]
