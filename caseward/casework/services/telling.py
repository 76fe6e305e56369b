"""Notices about escalations and questions, written as Caseward: vendors know few people."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from caseward.casework.models import Case
from caseward.casework.services.noticing import notify
from caseward.org.acting import Actor, acting
from caseward.org.models import Skill, StaffMember

MOST_TOLD = 30  # of a group that is asked


def tell(
    people: Iterable[StaffMember], case: Case, kind: str, *, nth: int, at: datetime, **data: Any
) -> None:
    """Put a notice on people's desks; `nth` tells one question or escalation from another."""
    with acting(Actor.system("notices")):
        notify(people, case=case, about=f"{kind}:{nth}", kind=kind, data=data, at=at)


def group_of(lob_id: int, language: str) -> list[StaffMember]:
    """Return who is asked when those in-house with a line and a language are."""
    with acting(Actor.system("notices")):
        skilled = Skill.objects.filter(lob_id=lob_id, language=language)
        in_house = StaffMember.objects.filter(is_active=True, vendor=None, skills__in=skilled)
        return list(in_house.distinct().order_by("pk")[:MOST_TOLD])
