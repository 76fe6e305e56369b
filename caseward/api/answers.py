"""Turning rows into answers, while row-level security still looks."""

from typing import Any

from django.db.models import QuerySet

from caseward.api import schemas
from caseward.casework import access
from caseward.casework.models import Case
from caseward.ledger import queries as ledger
from caseward.ledger.models import Event
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.sla.models import IN_HOUSE_ONLY, Clock

# What would tell of a report to an authority never leaves the house, locked or not.
OF_A_REPORT = (
    "legal.agency_reported", "legal.preservation_requested", "legal.order_received",
    "legal.order_complied", "disclosure.locked", "disclosure.lifted",
)  # fmt: skip
SOMEBODY = "In-house specialist"  # to a vendor's staff, who know their own people only


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


def case_in_full(case: Case, reader: StaffMember) -> schemas.CaseInFull:
    """Return a case with all that belongs to it and a reader may know, oldest first."""
    return schemas.CaseInFull(
        **case_line(case),
        assignee=_assignee(case, reader),
        disposition=case.disposition.key if case.disposition else None,
        merged_into=_merged_into(case, reader),
        parties=_rows(schemas.PartyOfCase, case.parties.order_by("part")),
        messages=_messages(case, reader),
        clocks=_rows(schemas.ClockOfCase, _told_clocks(case)),
        escalations=_rows(schemas.EscalationOfCase, case.escalations.order_by("raised_at")),
        timeline=[_event(event, reader) for event in _told_events(case)],
    )


def _told_clocks(case: Case) -> QuerySet[Clock]:
    """Return the clocks that may leave the house: none that tells of a report to an authority."""
    return case.clocks.exclude(kind__in=IN_HOUSE_ONLY).order_by("kind", "stage", "-turn")


def _told_events(case: Case) -> list[Event]:
    """Return what may leave the house: nothing of a report to an authority."""
    events = ledger.timeline(case.pk).exclude(kind__in=OF_A_REPORT).order_by("seq")
    return [
        event
        for event in events
        if event.data.get("clock") not in IN_HOUSE_ONLY and event.data.get("act") not in OF_A_REPORT
    ]


def _assignee(case: Case, reader: StaffMember) -> str | None:
    if case.assignee_id is None:
        return None
    name = StaffMember.objects.filter(pk=case.assignee_id).values_list("name", flat=True).first()
    return _name(reader, case.assignee_id, name or "")


def _merged_into(case: Case, reader: StaffMember) -> str | None:
    """Return the case this one was merged into, unless it is not the reader's to know."""
    if case.merged_into_id is None:
        return None
    joint = access.visible_cases(reader).filter(pk=case.merged_into_id)
    return joint.values_list("reference", flat=True).first()


def _messages(case: Case, reader: StaffMember) -> list[schemas.MessageOfCase]:
    names = [name for name in schemas.MessageOfCase.model_fields if name != "author"]
    rows = case.messages.order_by("at", "id").values(*names, "author_id", "author_name")
    return [
        schemas.MessageOfCase(
            author=_name(reader, row.pop("author_id"), row.pop("author_name")), **row
        )
        for row in rows
    ]


def _event(event: Event, reader: StaffMember) -> schemas.EventOfCase:
    data = dict(event.data)
    if "to_name" in data:
        data["to_name"] = _name(reader, data["to_id"], data["to_name"])
    actor = _name(reader, event.actor_id, event.actor_name)
    return schemas.EventOfCase(
        number=event.seq, kind=event.kind, at=event.at, actor=actor, data=data
    )


def _name(reader: StaffMember, staff_id: int | None, name: str) -> str:
    return name if org.may_name(reader, staff_id) else SOMEBODY


def _rows(schema: Any, rows: Any) -> list[Any]:
    return [schema(**row) for row in rows.values(*schema.model_fields)]
