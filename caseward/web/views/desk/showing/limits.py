"""What somebody hears of their own limit while they work on a case, and nobody else does."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caseward.casework.models import Case
from caseward.core.exposure import Because
from caseward.org.models import StaffMember
from caseward.policy import queries as policy
from caseward.wellbeing.overruns import Nearing, near_a_cap


def limit(case: Case, reader: StaffMember, *, now: datetime) -> dict[str, Any] | None:
    """Return what to say where the reader's own case brings them near a cap, or past it."""
    reason = policy.reasons().get(case.reason_id or 0)
    if case.assignee_id != reader.pk or case.is_finished or not (reason and reason.severity):
        return None
    near = near_a_cap(reader.pk, now)
    if near is None or near.case_id != case.pk:
        return None
    return {"is_over": near.is_over, "words": _over(near) if near.is_over else _soon(near)}


def _over(near: Nearing) -> str:
    return {
        Because.SHIFT: _("You have reached the limit of this shift."),
        Because.WEEK: _("You have reached the limit of seven days."),
    }[near.because]


def _soon(near: Nearing) -> str:
    minutes = max(round(near.span.total_seconds() / 60), 1)
    if near.because == Because.WEEK:
        words = ngettext(
            "%(minutes)d minute is left of the limit of seven days.",
            "%(minutes)d minutes are left of the limit of seven days.",
            minutes,
        )
    else:
        words = ngettext(
            "%(minutes)d minute is left of the limit of this shift.",
            "%(minutes)d minutes are left of the limit of this shift.",
            minutes,
        )
    return words % {"minutes": minutes}
