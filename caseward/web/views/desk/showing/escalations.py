"""The last escalation of a case, as tier 1 handed it over and as tier 2 answered."""

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caseward.casework import access
from caseward.casework.models import Case, Escalation, EscalationQuestion
from caseward.org.models import StaffMember
from caseward.policy.escalation_templates import Fact, facts_of
from caseward.web.languages import data_language, named
from caseward.web.views.desk.showing import hands, moments
from caseward.web.views.desk.showing.colleagues import name_for


def newest(case: Case, reader: StaffMember, *, now: datetime) -> dict[str, Any] | None:
    found = case.escalations.select_related("raised_by__team", "accepted_by", "from_lob")
    escalation = found.prefetch_related("questions__asked_by").order_by("-pk").first()
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
        "kind_label": "" if escalation.kind == "TIER_2" else escalation.get_kind_display(),
        "facts": _facts(escalation),
        "handover": escalation.handover if reader.vendor_id is None else "",
        "pickup": _pickup(escalation, now),
        "questions": _questions(escalation, reader, now),
        "hands": hands.hands(case, now=now),
        "quality": escalation.quality,
        "quality_label": escalation.get_quality_display(),
        "quality_note": escalation.quality_note,
        "is_back": escalation.outcome == "RETURNED" and case.tier == escalation.from_tier,
        "is_mine": case.assignee_id == reader.pk,
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


def _facts(escalation: Escalation) -> list[dict[str, str]]:
    """Return the facts in the order of the template as it was; what it did not ask comes last."""
    asked = [Fact.read(written) for written in escalation.asked]
    asked = asked or list(facts_of(escalation.from_lob_id, escalation.case.reason_id))
    language, left = data_language(), dict(escalation.facts)
    known = [
        {"label": fact.label_in(language), "value": _answer(fact, left.pop(fact.key), language)}
        for fact in asked
        if fact.key in left
    ]
    return [*known, *({"label": key, "value": str(value)} for key, value in left.items())]


def _answer(fact: Fact, answer: object, language: str) -> str:
    """Return an answer as the reader says it; a day nobody can read as one stays as written."""
    if fact.kind == "yes_no":
        return {"yes": _("Yes"), "no": _("No")}.get(str(answer), str(answer))
    if fact.kind == "date":
        with suppress(ValueError):
            return str(date_format(date.fromisoformat(str(answer)), "j F Y"))
    return fact.said(answer, language)


def _pickup(escalation: Escalation, now: datetime) -> dict[str, Any] | None:
    """Return until when it should be accepted, while nobody has."""
    due_at = escalation.pickup_due_at
    if escalation.accepted_at or escalation.ended_at or due_at is None:
        return None
    return {"at": due_at, "when": moments.moment(due_at, now=now), "is_late": due_at <= now}


def _questions(escalation: Escalation, reader: StaffMember, now: datetime) -> list[dict[str, Any]]:
    is_mine = escalation.raised_by_id == reader.pk
    return [
        {
            "id": question.pk,
            "text": question.text,
            "by": name_for(
                reader,
                staff_id=question.asked_by_id,
                name=_name(question, reader),
            ),
            "when": moments.moment(question.asked_at, now=now),
            "at": question.asked_at,
            "answer": question.answer,
            "can_answer": is_mine and question.answered_at is None,
        }
        for question in sorted(escalation.questions.all(), key=lambda each: each.pk)
    ]


def _name(question: EscalationQuestion, reader: StaffMember) -> str:
    # A vendor's staff cannot read the rows of in-house people.
    return "" if reader.vendor_id else question.asked_by.name
