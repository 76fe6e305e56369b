"""Skeletons of notes for colleagues."""

from dataclasses import dataclass

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import GENERAL, Operation, Part, Translations
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.sections.section import (
    HERE,
    Section,
    check_line,
    in_english_at_least,
)
from caseward.org.models import LineOfBusiness
from caseward.policy import models as policy


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTemplate(Part):
    """`line_of_business` general serves all; `in_house_only` hides it from vendors' staff."""

    key: str
    line_of_business: str
    title: str
    texts: Translations
    in_house_only: bool


def _build(fields: Fields) -> NoteTemplate:
    return NoteTemplate(
        place=fields.place,
        key=fields.key(),
        line_of_business=fields.key("line_of_business"),
        title=fields.text("title"),
        texts=in_english_at_least(fields, "texts"),
        in_house_only=fields.optional("in_house_only", values.truth) or False,
    )


def _present() -> tuple[NoteTemplate, ...]:
    rows = policy.NoteTemplate.objects.filter(is_active=True).select_related("lob")
    return tuple(
        NoteTemplate(
            place=HERE,
            key=row.key,
            line_of_business=row.lob.key if row.lob else GENERAL,
            title=row.title,
            texts=row.texts,
            in_house_only=row.in_house_only,
        )
        for row in rows.order_by("pk")
    )


def _write(part: NoteTemplate) -> None:
    policy.NoteTemplate.objects.update_or_create(
        key=part.key,
        defaults={
            "lob": LineOfBusiness.objects.filter(key=part.line_of_business).first(),
            "title": part.title,
            "texts": dict(part.texts),
            "in_house_only": part.in_house_only,
            "is_active": True,
        },
    )


def _check(part: NoteTemplate, operation: Operation, problems: Problems) -> None:
    check_line(part, part.line_of_business, operation, problems, also=GENERAL)


SECTION = Section(
    name="note_templates",
    noun="note template",
    key=lambda part: part.key,
    build=_build,
    present=_present,
    write=_write,
    remove=lambda part: policy.NoteTemplate.objects.filter(key=part.key).update(is_active=False),
    check=_check,
)
