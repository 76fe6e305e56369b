"""Templates as leads and files write them: of escalations, and of notes for colleagues."""

from collections.abc import Mapping
from typing import Any

from caseward.org import queries as org
from caseward.org.changing import Kind
from caseward.org.models import ConfigurationChange, LineOfBusiness, StaffMember
from caseward.policy import access
from caseward.policy.escalation_templates import Fact
from caseward.policy.models import EscalationTemplate, NoteTemplate, Reason

type Entry = Mapping[str, Any]


def escalation_key(line: str, reason: str | None) -> str:
    """Return what names the template of a reason, or of a whole line of business."""
    return f"{line} {reason}" if reason else line


def read_escalation_template(key: str) -> dict[str, Any] | None:
    """Return what is asked for a reason or line, as facts; None where nothing of its own is."""
    line, _space, reason = key.partition(" ")
    found = EscalationTemplate.objects.filter(lob__key=line, is_active=True)
    found = found.filter(reason__key=reason) if reason else found.filter(reason=None)
    row = found.select_related("lob", "reason").first()
    return _escalation_facts(row) if row else None


def read_escalation_templates() -> list[dict[str, Any]]:
    """Return every template of escalations in use, of lines and reasons in use."""
    rows = EscalationTemplate.objects.filter(is_active=True, lob__is_active=True)
    rows = rows.exclude(reason__is_active=False).select_related("lob", "reason")
    return [_escalation_facts(row) for row in rows.order_by("lob__position", "pk")]


def _escalation_facts(row: EscalationTemplate) -> dict[str, Any]:
    return {
        "line_of_business": row.lob.key,
        "reason": row.reason.key if row.reason else None,
        "facts": [Fact.read(written).stored() for written in row.facts],
    }


def write_escalation_template(_key: str, entry: Entry) -> EscalationTemplate:
    """Ask from now on what the facts say; what was escalated before keeps what it was asked."""
    lob = LineOfBusiness.objects.get(key=entry["line_of_business"])
    reason = None
    if entry["reason"]:
        reason = Reason.objects.get(lob=lob, key=entry["reason"])
    return EscalationTemplate.objects.update_or_create(
        lob=lob, reason=reason, defaults={"facts": entry["facts"], "is_active": True}
    )[0]


def remove_escalation_template(key: str) -> int:
    line, _space, reason = key.partition(" ")
    rows = EscalationTemplate.objects.filter(lob__key=line)
    rows = rows.filter(reason__key=reason) if reason else rows.filter(reason=None)
    return rows.update(is_active=False)


def may_change_escalations(staff: StaffMember, entry: Entry) -> bool:
    """Say whether somebody answers for the line of business."""
    lob_id = _line_id(entry["line_of_business"])
    return lob_id is not None and access.may_release(staff, lob_id)


def read_note_template(key: str) -> dict[str, Any] | None:
    """Return a template of notes as facts; None where it is not in use."""
    row = NoteTemplate.objects.filter(key=key, is_active=True).select_related("lob").first()
    return note_facts(row) if row else None


def note_facts(row: NoteTemplate) -> dict[str, Any]:
    return {
        "line_of_business": row.lob.key if row.lob else None,
        "title": row.title,
        "texts": row.texts,
        "in_house_only": row.in_house_only,
    }


def write_note_template(key: str, entry: Entry) -> NoteTemplate:
    """Make a template of notes what the facts say."""
    values = {
        "lob": LineOfBusiness.objects.filter(key=entry["line_of_business"]).first(),
        "title": entry["title"],
        "texts": dict(entry["texts"]),
        "in_house_only": entry["in_house_only"],
        "is_active": True,
    }
    return NoteTemplate.objects.update_or_create(key=key, defaults=values)[0]


def remove_note_template(key: str) -> int:
    return NoteTemplate.objects.filter(key=key).update(is_active=False)


def may_change_notes(staff: StaffMember, entry: Entry) -> bool:
    """Say whether somebody leads people and works in the line, or leads a team."""
    lob_id = _line_id(entry["line_of_business"])
    is_known = lob_id is not None or entry["line_of_business"] is None
    return is_known and staff.leads_people and access.may_write(staff, lob_id)


def _line_id(key: str | None) -> int | None:
    return next((pk for pk, lob in org.lines_of_business().items() if lob.key == key), None)


def _title_of(entry: Entry) -> str:
    """Say in English, as the ledger does, whose escalations a template is for."""
    lob_id = _line_id(entry["line_of_business"])
    line = org.lines_of_business()[lob_id].name_in("en") if lob_id else entry["line_of_business"]
    reason = Reason.objects.filter(lob_id=lob_id, key=entry["reason"]).first()
    return f"{line}: {reason.name_in('en')}" if reason else str(line)


ESCALATION_TEMPLATES = Kind(
    what=ConfigurationChange.What.ESCALATION_TEMPLATE,
    read=read_escalation_template,
    write=write_escalation_template,
    remove=remove_escalation_template,
    title=lambda _key, entry: _title_of(entry),
    may_change=may_change_escalations,
)
NOTE_TEMPLATES = Kind(
    what=ConfigurationChange.What.NOTE_TEMPLATE,
    read=read_note_template,
    write=write_note_template,
    remove=remove_note_template,
    title=lambda _key, entry: str(entry["title"]),
    may_change=may_change_notes,
)
