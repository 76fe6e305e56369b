"""Turning rows into answers, while row-level security still looks."""

from typing import Any

from caseward.api import schemas
from caseward.casework.models import Case
from caseward.ledger import queries as ledger


def case_line(case: Case) -> dict[str, Any]:
    """Return a case as a list shows it."""
    names = ["reference", "title", "status", "priority", "tier", "channel", "language", "country"]
    times = ["opened_at", "updated_at", "first_replied_at", "resolved_at"]
    return {
        **{name: getattr(case, name) for name in (*names, *times, "tags")},
        "line_of_business": case.lob.key,
        "reason": case.reason.key if case.reason else None,
        "vendor": case.vendor.key if case.vendor else None,
    }


def case_in_full(case: Case) -> schemas.CaseInFull:
    """Return a case with all that belongs to it, oldest first."""
    return schemas.CaseInFull(
        **case_line(case),
        assignee=case.assignee.name if case.assignee_id and case.assignee else None,
        disposition=case.disposition.key if case.disposition else None,
        merged_into=case.merged_into.reference if case.merged_into else None,
        parties=_rows(schemas.PartyOfCase, case.parties.order_by("part")),
        messages=_messages(case),
        clocks=_rows(schemas.ClockOfCase, case.clocks.order_by("kind")),
        escalations=_rows(schemas.EscalationOfCase, case.escalations.order_by("raised_at")),
        timeline=_timeline(case),
    )


def _messages(case: Case) -> list[schemas.MessageOfCase]:
    names = [name for name in schemas.MessageOfCase.model_fields if name != "author"]
    rows = case.messages.order_by("at", "id").values(*names, "author_name")
    return [schemas.MessageOfCase(author=row.pop("author_name"), **row) for row in rows]


def _timeline(case: Case) -> list[schemas.EventOfCase]:
    return [
        schemas.EventOfCase(
            number=event.seq, kind=event.kind, at=event.at, actor=event.actor_name, data=event.data
        )
        for event in ledger.timeline(case.pk).order_by("seq")
    ]


def _rows(schema: Any, rows: Any) -> list[Any]:
    return [schema(**row) for row in rows.values(*schema.model_fields)]
