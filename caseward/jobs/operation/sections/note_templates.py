"""Skeletons of notes for colleagues."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
from caseward.policy import models as policy
from caseward.policy.services import templates


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
    rows = policy.NoteTemplate.objects.filter(is_active=True).exclude(lob__is_active=False)
    rows = rows.select_related("lob").order_by("pk")
    return tuple(_kept(row.key, templates.note_facts(row)) for row in rows)


def _kept(key: str, facts: Mapping[str, Any]) -> NoteTemplate:
    line = facts["line_of_business"] or GENERAL
    return NoteTemplate(place=HERE, key=key, **{**facts, "line_of_business": line})


def _write(part: NoteTemplate) -> None:
    names = ("line_of_business", "title", "texts", "in_house_only")
    templates.write_note_template(part.key, {name: getattr(part, name) for name in names})


def _check(part: NoteTemplate, operation: Operation, problems: Problems) -> None:
    check_line(part, part.line_of_business, operation, problems, also=GENERAL)


SECTION = Section(
    name="note_templates",
    noun="note template",
    key=lambda part: part.key,
    build=_build,
    present=_present,
    write=_write,
    remove=lambda part: templates.remove_note_template(part.key),
    check=_check,
)
