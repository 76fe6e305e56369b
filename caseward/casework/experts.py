"""Who may be escalated to by what they know: read, and changed by leads and files."""

from collections.abc import Mapping
from typing import Any

from caseward.casework.models import Expert
from caseward.org import queries as org
from caseward.org.catalogue import kept_per_revision
from caseward.org.changing import Kind
from caseward.org.models import ConfigurationChange, LineOfBusiness, StaffMember
from caseward.policy import access

type Entry = Mapping[str, Any]


@kept_per_revision
def experts() -> dict[int, Expert]:
    """Return the experts in use by their number, by line of business and key."""
    active = Expert.objects.filter(is_active=True)
    return {expert.pk: expert for expert in active.order_by("lob__position", "key")}


def read_expert(key: str) -> dict[str, Any] | None:
    """Return an expert as facts; None where they are not in use."""
    found = Expert.objects.filter(key=key, is_active=True).select_related("staff", "lob").first()
    return _facts(found) if found else None


def read_experts() -> list[tuple[str, dict[str, Any]]]:
    """Return every expert in use with their key, of lines in use."""
    found = Expert.objects.filter(is_active=True, lob__is_active=True)
    found = found.select_related("staff", "lob")
    return [(expert.key, _facts(expert)) for expert in found.order_by("pk")]


def _facts(expert: Expert) -> dict[str, Any]:
    return {
        "staff": expert.staff.key,
        "line_of_business": expert.lob.key,
        "topics": expert.topics,
        "reasons": expert.reasons,
    }


def write_expert(key: str, entry: Entry) -> Expert:
    """Make an expert what the facts say."""
    values = {
        "staff": StaffMember.objects.get(key=entry["staff"]),
        "lob": LineOfBusiness.objects.get(key=entry["line_of_business"]),
        "topics": dict(entry["topics"]),
        "reasons": list(entry["reasons"]),
        "is_active": True,
    }
    return Expert.objects.update_or_create(key=key, defaults=values)[0]


def remove_expert(key: str) -> int:
    return Expert.objects.filter(key=key).update(is_active=False)


def may_change(staff: StaffMember, entry: Entry) -> bool:
    """Say whether somebody answers for the line an expert is named in."""
    lines = {line.key: pk for pk, line in org.lines_of_business().items()}
    lob_id = lines.get(entry["line_of_business"])
    return lob_id is not None and access.may_release(staff, lob_id)


EXPERTS = Kind(
    what=ConfigurationChange.What.EXPERT,
    read=read_expert,
    write=write_expert,
    remove=remove_expert,
    title=lambda _key, entry: str(entry["topics"]["en"]),
    may_change=may_change,
)
