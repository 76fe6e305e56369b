"""Writes an operation as files that read back as the same operation."""

from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import timedelta
from itertools import takewhile
from pathlib import Path
from typing import Any

import yaml

from caseward.jobs.operation.calendars import pairs_of
from caseward.jobs.operation.differences import duration
from caseward.jobs.operation.parts import (
    GENERAL,
    IN_HOUSE,
    WEEKDAYS,
    Duty,
    Form,
    FormField,
    Hours,
    LineOfBusiness,
    Macro,
    Operation,
    Part,
    Site,
    SpecialDay,
    Team,
)
from caseward.jobs.operation.sections import SECTIONS
from caseward.jobs.operation.sections.queues import Queue

type Entry = dict[str, Any]

_HEADING = "# Written by `caseward export`. How these files work is told in operations/demo.\n"
_LISTS = (
    "regions",
    "sites",
    "vendors",
    "lines_of_business",
    "reasons",
    "dispositions",
    "teams",
    "staff",
    "promises",
    "mailboxes",
)
_MAY_BE_LEFT_OUT = {
    "subdivision",
    "holidays_not_observed",
    "special_days",
    "team",
    "site",
    "manager",
    "skills",
    "certifications",
    "joined",
    "expires",
    "category",
    "certification",
    "hints",
    "errors",
    "choices",
    "introductions",
    "acknowledge",
    "next_response",
    "escalation_pickup",
    "tier_2_decision",
}


class FolderNotEmpty(Exception):
    """There is something in the folder already; nothing was written."""


def export(operation: Operation, folder: Path) -> list[Path]:
    """Write the files into a new or empty folder and return them.

    Raises:
        FolderNotEmpty: so that nobody's files are overwritten.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderNotEmpty(f"{folder} is not an empty folder; name a new one.")
    written = []
    for name, content in files_of(operation).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_HEADING + _yaml(content), "utf-8")
        written.append(path)
    return written


def files_of(operation: Operation) -> dict[str, Entry | list[Entry]]:
    """Return what goes into each file."""
    files: dict[str, Entry | list[Entry]] = {"operation.yaml": _entry(operation.settings)}
    for name in _LISTS:
        files[f"{name}.yaml"] = [_entry(part) for part in getattr(operation, name)]
    for section in SECTIONS:
        if told := operation.more.get(section.name):
            files[f"{section.name}.yaml"] = [_short(_entry(part)) for part in told]
    files["forms.yaml"] = list(_forms(operation.forms))
    for line in (None, *(line.key for line in operation.lines_of_business)):
        macros = [macro for macro in operation.macros if macro.line_of_business == line]
        files[f"macros/{line or GENERAL}.yaml"] = [_short(_entry(macro)) for macro in macros]
    return files


def _entry(part: Part) -> Entry:
    values = {one.name: getattr(part, one.name) for one in fields(part)}
    del values["place"]
    match part:
        case Site():
            values["hours"] = dict(zip(WEEKDAYS, map(_hours, part.hours), strict=True))
        case SpecialDay():
            values["hours"] = "usual" if part.hours is None else _hours(part.hours)
        case Team() | Queue():
            values["vendor"] = part.vendor or IN_HOUSE
        case Duty():
            values = _duty(part)
        case LineOfBusiness():
            del values["position"]
        case Macro():
            del values["line_of_business"]
            values["safe_when_locked"] = part.safe_when_locked or None
    return {
        name: _plain(value)
        for name, value in values.items()
        if value or name not in _MAY_BE_LEFT_OUT
    }


def _short(value: Any) -> Any:
    """Leave out what is not given, on every level."""
    if isinstance(value, dict):
        kept = {name: _short(one) for name, one in value.items()}
        return {name: one for name, one in kept.items() if one not in (None, "", [], {})}
    return [_short(one) for one in value] if isinstance(value, list) else value


def _duty(duty: Duty) -> Entry:
    where = {"calendar": duty.calendar, "market": duty.market}
    given = {name: value for name, value in where.items() if value}
    return {"within": duration(duty.within), "measured": duty.measured, **given}


def _hours(hours: Hours) -> list[str]:
    return [f"{opens}-{closes}" for opens, closes in pairs_of(hours)]


def _plain(value: object) -> object:
    match value:
        case Part():
            return _entry(value)
        case Mapping():
            return {key: _plain(one) for key, one in value.items()}
        case tuple() | list():
            return [_plain(one) for one in value]
        case timedelta():
            return duration(value)
        case _:
            return value


def _forms(forms: tuple[Form, ...]) -> Iterable[Entry]:
    """Write what all forms ask first only once, under `general`."""
    whole = [form for form in forms if form.line_of_business is not None]
    shared = _shared_beginning([form.fields for form in whole])
    if shared:
        yield {"line_of_business": GENERAL, "fields": [_entry(field) for field in shared]}
    for form in whole:
        yield _entry(replace(form, fields=form.fields[len(shared) :]))


def _shared_beginning(asked: list[tuple[FormField, ...]]) -> tuple[FormField, ...]:
    if not asked:
        return ()
    same = takewhile(lambda fields: len(set(map(repr, fields))) == 1, zip(*asked, strict=False))
    return tuple(fields[0] for fields in same)


class _Dumper(yaml.SafeDumper):
    """Indents lists, and writes long texts line by line."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def _yaml(content: Entry | list[Entry]) -> str:
    written: str = yaml.dump(
        content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100
    )
    return written
