"""The last escalation of a case, as tier 1 handed it over and as tier 2 answered."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from caseward.casework import access
from caseward.casework.models import Case, Escalation
from caseward.org.models import StaffMember
from caseward.web.languages import named
from caseward.web.views.desk.showing import moments
from caseward.web.views.desk.showing.colleagues import name_for


def newest(case: Case, reader: StaffMember, *, now: datetime) -> dict[str, Any] | None:
    found = case.escalations.select_related("raised_by__team", "accepted_by", "from_lob").order_by(
        "-pk"
    )
    escalation = found.first()
    return _escalation(escalation, case, reader, now) if escalation else None


def _escalation(
    escalation: Escalation, case: Case, reader: StaffMember, now: datetime
) -> dict[str, Any]:
    by = escalation.raised_by
    may_answer = (
        escalation.ended_at is None and not reader.vendor_id and access.may_change(case, reader)
    )
    return {
        "state": _state(escalation),
        "state_label": _state_words(escalation),
        "from_lob": named(escalation.from_lob),
        "by": by.name if by else _("Tier 1"),
        "by_team": by.team.name if by and by.team else "",
        "at": escalation.raised_at,
        "when": moments.moment(escalation.raised_at, now=now),
        "summary": escalation.why,
        "tried": [step.strip("-• ") for step in escalation.tried.splitlines() if step.strip()],
        "verdict": escalation.verdict,
        "verdict_label": escalation.get_verdict_display(),
        "verdict_note": escalation.verdict_note,
        "verdict_by": _accepted_by(escalation, reader),
        "can_accept": may_answer and escalation.accepted_by_id != reader.pk,
        "can_answer": may_answer,
    }


def _accepted_by(escalation: Escalation, reader: StaffMember) -> str:
    name = escalation.accepted_by.name if escalation.accepted_by else ""
    return name_for(reader, staff_id=escalation.accepted_by_id, name=name)


def _state(escalation: Escalation) -> str:
    if escalation.outcome:
        return escalation.outcome
    return "ACCEPTED" if escalation.accepted_at else "OPEN"


def _state_words(escalation: Escalation) -> str:
    if escalation.outcome:
        return str(escalation.get_outcome_display())
    return _("Accepted by tier 2") if escalation.accepted_at else _("Waiting for tier 2")
