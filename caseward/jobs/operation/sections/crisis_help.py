"""Where somebody in danger finds help at once; when it was verified is kept by people."""

from dataclasses import dataclass

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import Part
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.sections.section import HERE, Section
from caseward.policy import models as policy


@dataclass(frozen=True, slots=True, kw_only=True)
class CrisisHelp(Part):
    """`need` is what a placeholder names; no `country` serves where none has its own.

    One that is an `example` stands for what an operation puts there itself.
    """

    need: str
    country: str | None
    language: str
    name: str
    phone: str | None
    url: str | None
    valid_days: int
    example: bool


def _build(fields: Fields) -> CrisisHelp:
    return CrisisHelp(
        place=fields.place,
        need=fields.key("need"),
        country=fields.optional("country", values.country),
        language=fields.value("language", values.language, ""),
        name=fields.text("name"),
        phone=fields.optional("phone", values.text),
        url=fields.optional("url", values.text),
        valid_days=fields.optional("valid_days", values.days) or 90,
        example=fields.optional("example", values.truth) or False,
    )


def _present() -> tuple[CrisisHelp, ...]:
    rows = policy.CrisisResource.objects.filter(is_active=True).order_by("pk")
    return tuple(
        CrisisHelp(
            place=HERE,
            need=row.key,
            country=row.country or None,
            language=row.language,
            name=row.name,
            phone=row.phone or None,
            url=row.url or None,
            valid_days=row.valid_days,
            example=row.is_example,
        )
        for row in rows
    )


def _write(part: CrisisHelp) -> None:
    """Write it; what was changed in a number or address must be verified anew."""
    row = policy.CrisisResource.objects.filter(**_where(part)).first()
    if row is None:
        row = policy.CrisisResource(**_where(part))
    elif (row.phone, row.url) != (part.phone or "", part.url or ""):
        row.last_verified_on = row.verified_by = None
    row.name, row.phone, row.url = part.name, part.phone or "", part.url or ""
    row.valid_days, row.is_example, row.is_active = part.valid_days, part.example, True
    row.save()


def _where(part: CrisisHelp) -> dict[str, str]:
    return {"key": part.need, "country": part.country or "", "language": part.language}


def _check(part: CrisisHelp, _operation: object, problems: Problems) -> None:
    if not part.phone and not part.url:
        problems.at(part.place, "name", 'expected a "phone" or a "url": where is the help?')
    if part.url and not part.url.startswith("https://"):
        problems.at(part.place, "url", "url: must begin with https://")


SECTION = Section(
    name="crisis_help",
    noun="crisis help",
    key=lambda part: " ".join(filter(None, (part.need, part.country, part.language))),
    build=_build,
    present=_present,
    write=_write,
    remove=lambda part: policy.CrisisResource.objects.filter(**_where(part)).update(
        is_active=False
    ),
    check=_check,
)
