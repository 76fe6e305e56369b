"""Where waiting cases go when their own queues cannot keep up."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import models

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import IN_HOUSE, Operation, Part
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer
from caseward.jobs.operation.sections.section import HERE, Section
from caseward.org import models as org
from caseward.routing import models as routing

ANY = "any"
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overflow(Part):
    """`from_vendor` any is every vendor of tier 1; in-house is tier 2. Conditions may be None."""

    key: str
    from_vendor: str
    from_line: str | None
    from_language: str | None
    to_vendor: str
    waiting_over: int | None
    oldest_over: timedelta | None
    at_risk_over: float | None
    while_closed: str | None
    at_a_time: int


def _build(fields: Fields) -> Overflow:
    return Overflow(
        place=fields.place,
        key=fields.key(),
        from_vendor=fields.optional("from_vendor", values.key) or ANY,
        from_line=fields.optional("from_line", values.key),
        from_language=fields.optional("from_language", values.language),
        to_vendor=fields.key("to_vendor"),
        waiting_over=fields.optional("waiting_over", values.count),
        oldest_over=fields.optional("oldest_over", values.duration),
        at_risk_over=fields.optional("at_risk_over", values.share),
        while_closed=fields.optional("while_closed", values.key),
        at_a_time=fields.optional("at_a_time", values.count) or 20,
    )


def _present() -> tuple[Overflow, ...]:
    rows = routing.OverflowRule.objects.filter(is_active=True).order_by("pk")
    rows = rows.select_related("from_vendor", "from_lob", "to_vendor", "while_closed")
    return tuple(
        Overflow(
            place=HERE,
            key=row.key,
            from_vendor=_place(row.from_tier, row.from_vendor),
            from_line=_key(row.from_lob),
            from_language=row.from_language or None,
            to_vendor=_place(row.to_tier, row.to_vendor),
            waiting_over=row.waiting_over,
            oldest_over=_minutes(row.oldest_over_minutes),
            at_risk_over=row.at_risk_over,
            while_closed=_key(row.while_closed),
            at_a_time=row.at_a_time,
        )
        for row in rows
    )


def _place(tier: int, vendor: org.Vendor | None) -> str:
    return IN_HOUSE if tier == 2 else vendor.key if vendor else ANY


def _key(row: models.Model | None) -> str | None:
    return getattr(row, "key", None)


def _minutes(count: int | None) -> timedelta | None:
    return None if count is None else count * A_MINUTE


def _write(part: Overflow) -> None:
    routing.OverflowRule.objects.update_or_create(
        key=part.key,
        defaults={
            **_towards("from", part.from_vendor),
            **_towards("to", part.to_vendor),
            "from_lob": org.LineOfBusiness.objects.filter(key=part.from_line).first(),
            "from_language": part.from_language or "",
            "waiting_over": part.waiting_over,
            "oldest_over_minutes": part.oldest_over // A_MINUTE if part.oldest_over else None,
            "at_risk_over": part.at_risk_over,
            "while_closed": org.Site.objects.filter(key=part.while_closed).first(),
            "at_a_time": part.at_a_time,
            "is_active": True,
        },
    )


def _towards(way: str, vendor: str) -> dict[str, Any]:
    return {
        f"{way}_tier": 2 if vendor == IN_HOUSE else 1,
        f"{way}_vendor": org.Vendor.objects.filter(key=vendor).first(),
    }


def _check(part: Overflow, operation: Operation, problems: Problems) -> None:
    vendors = {vendor.key for vendor in operation.vendors} | {IN_HOUSE}
    refer(part, "from_vendor", part.from_vendor, vendors | {ANY}, "a vendor", problems)
    refer(part, "to_vendor", part.to_vendor, vendors, "a vendor, or in-house", problems)
    lines = {line.key for line in operation.lines_of_business}
    refer(part, "from_line", part.from_line, lines, "a line of business", problems)
    spoken = operation.settings.languages
    refer(part, "from_language", part.from_language, spoken, "a language of it", problems)
    sites = {site.key for site in operation.sites}
    refer(part, "while_closed", part.while_closed, sites, "a site", problems)
    if part.from_vendor == part.to_vendor:
        text = f"to_vendor: cases of {part.from_vendor} wait there already"
        problems.at(part.place, "to_vendor", text)
    conditions = (part.waiting_over, part.oldest_over, part.at_risk_over, part.while_closed)
    if all(condition is None for condition in conditions):
        problems.at(
            part.place,
            "key",
            'expected a condition: "waiting_over", "oldest_over", "at_risk_over" or "while_closed"',
        )


SECTION = Section(
    name="overflow",
    noun="overflow rule",
    key=lambda part: part.key,
    build=_build,
    present=_present,
    write=_write,
    remove=lambda part: routing.OverflowRule.objects.filter(key=part.key).update(is_active=False),
    check=_check,
)
