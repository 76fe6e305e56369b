"""What separates two operations: the entries to add, to change and to remove.

Both sides are first put into one form (what every form asks is written into each, skills and
shares are in order), so that two ways of writing the same thing are no difference.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any, Literal

from caseward.jobs.operation import calendars
from caseward.jobs.operation.parts import (
    Duty,
    Form,
    MacroActions,
    Operation,
    Part,
    Serves,
    Skill,
    SpecialDay,
    StaffMember,
    Vendor,
)
from caseward.jobs.operation.sections import SECTIONS

type Sort = Literal["add", "change", "remove"]

_SHOWN = 60
_NOT_COMPARED = {"place"}
_MAY_BE_LEFT_OUT = {section.noun for section in SECTIONS}


@dataclass(frozen=True, slots=True)
class Changed:
    """One value of an entry, before and after, as text for a person."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry to add, change or remove. `part` is what it shall be, or what it was."""

    sort: Sort
    noun: str
    key: str
    part: Part
    changed: tuple[Changed, ...] = ()


@dataclass(frozen=True, slots=True)
class Noun:
    """A kind of entry: what people call it, where it is, and what tells one from another."""

    name: str
    attribute: str
    key: Callable[[Any], str]


def _own_key(part: Any) -> str:
    return str(part.key)


def _key_in_line(part: Any) -> str:
    return f"{part.line_of_business} {part.key}"


NOUNS = (
    Noun("region", "regions", _own_key),
    Noun("site", "sites", _own_key),
    Noun("line of business", "lines_of_business", _own_key),
    Noun("vendor", "vendors", _own_key),
    Noun("team", "teams", _own_key),
    Noun("staff member", "staff", _own_key),
    Noun("reason", "reasons", _key_in_line),
    Noun("disposition", "dispositions", _key_in_line),
    Noun("macro", "macros", _own_key),
    Noun("form", "forms", lambda form: str(form.line_of_business)),
    Noun("promise", "promises", lambda one: f"{one.line_of_business} priority {one.priority}"),
    Noun("mailbox", "mailboxes", lambda mailbox: str(mailbox.address)),
    *(Noun(section.noun, section.name, section.key) for section in SECTIONS),
)


def differences(*, present: Operation | None, wanted: Operation) -> tuple[Change, ...]:
    """Return every change that makes `present` into `wanted`, in the order to make them."""
    wanted = in_one_form(wanted)
    if present is None:
        return (Change("add", "operation", wanted.settings.name, wanted.settings), *_all(wanted))
    present = in_one_form(present)
    changes = list(_settings(present, wanted))
    for noun in NOUNS:
        changes += _of(noun, present, wanted)
    return tuple(changes)


def in_one_form(operation: Operation) -> Operation:
    """Return the same operation, written the one way in which it is compared and kept."""
    return replace(
        operation,
        vendors=tuple(_vendor(vendor) for vendor in operation.vendors),
        staff=tuple(_staff_member(member) for member in operation.staff),
        sites=tuple(
            calendars.with_days(site, calendars.extra_days(site)) for site in operation.sites
        ),
        forms=tuple(_whole_forms(operation)),
    )


def _vendor(vendor: Vendor) -> Vendor:
    languages: dict[tuple[str, float], list[str]] = defaultdict(list)
    for serves in vendor.serves:
        languages[serves.line_of_business, serves.share] += serves.languages
    return replace(
        vendor,
        serves=tuple(
            Serves(
                place=vendor.place,
                line_of_business=line,
                share=share,
                languages=tuple(sorted(served)),
            )
            for (line, share), served in sorted(languages.items())
        ),
    )


def _staff_member(member: StaffMember) -> StaffMember:
    languages: dict[tuple[str, str], set[str]] = defaultdict(set)
    for skill in member.skills:
        languages[skill.line_of_business, skill.level] |= set(skill.languages)
    return replace(
        member,
        skills=tuple(
            Skill(
                place=member.place,
                line_of_business=line,
                languages=tuple(sorted(spoken)),
                level=level,
            )
            for (line, level), spoken in sorted(languages.items())
            if spoken
        ),
        certifications=tuple(sorted(member.certifications, key=lambda held: held.key)),
    )


def _whole_forms(operation: Operation) -> Iterator[Form]:
    for form in operation.forms:
        if form.line_of_business is not None:
            yield replace(form, fields=operation.fields_for(form.line_of_business))


def _all(wanted: Operation) -> Iterator[Change]:
    for noun in NOUNS:
        for part in _parts(wanted, noun):
            yield Change("add", noun.name, noun.key(part), part)


def _parts(operation: Operation, noun: Noun) -> tuple[Part, ...]:
    found: tuple[Part, ...] | None = getattr(operation, noun.attribute, None)
    return operation.more.get(noun.attribute, ()) if found is None else found


def _settings(present: Operation, wanted: Operation) -> Iterator[Change]:
    if changed := _changed(present.settings, wanted.settings):
        yield Change("change", "operation", wanted.settings.name, wanted.settings, changed)


def _of(noun: Noun, present: Operation, wanted: Operation) -> Iterator[Change]:
    """Yield what differs; a file that may be left out, and is, leaves what there is alone."""
    if noun.name in _MAY_BE_LEFT_OUT and noun.attribute not in wanted.more:
        return
    before = {noun.key(part): part for part in _parts(present, noun)}
    after = {noun.key(part): part for part in _parts(wanted, noun)}
    for key, part in after.items():
        if key not in before:
            yield Change("add", noun.name, key, part)
        elif changed := _changed(before[key], part):
            yield Change("change", noun.name, key, part, changed)
    for key, part in before.items():
        if key not in after:
            yield Change("remove", noun.name, key, part)


def _changed(before: Part, after: Part) -> tuple[Changed, ...]:
    return tuple(
        changed
        for one in fields(before)
        if one.name not in _NOT_COMPARED
        for changed in _values(one.name, getattr(before, one.name), getattr(after, one.name))
    )


def _values(name: str, before: object, after: object) -> Iterator[Changed]:
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.keys() | after.keys()):
            yield from _values(f"{name}.{key}", before.get(key), after.get(key))
    elif isinstance(before, MacroActions) or isinstance(after, MacroActions):
        yield from _values(name, _valued(before), _valued(after))
    elif before != after:
        yield Changed(name, shown(before), shown(after))


def _valued(part: object) -> Mapping[str, object]:
    """Return what is given of a part that has no name of its own."""
    if not isinstance(part, MacroActions):
        return {}
    names = (one.name for one in fields(part) if one.name not in _NOT_COMPARED)
    return {name: getattr(part, name) for name in names if getattr(part, name)}


def shown(value: object) -> str:
    """Return a value as a person would write it, cut short."""
    text = " ".join(_text(value).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def _text(value: object) -> str:
    match value:
        case None | "" | ():
            return "nothing"
        case timedelta():
            return duration(value)
        case Duty():
            return f"{duration(value.within)} ({_measured(value)})"
        case Skill():
            spoken = " ".join(value.languages)
            return f"{value.line_of_business} in {spoken} ({value.level})"
        case Serves():
            return f"{value.line_of_business} in {' '.join(value.languages)}"
        case SpecialDay():
            return value.on.isoformat()
        case tuple():
            return ", ".join(_text(item) for item in value)
        case Part():
            return str(getattr(value, "key", value))
        case _:
            return str(value)


def _measured(duty: Duty) -> str:
    kinds = {"working": "working time", "days": "calendar days", "business_days": "business days"}
    if duty.measured not in kinds:
        return duty.measured
    return f"{kinds[duty.measured]} of {duty.calendar or duty.market}"


def duration(length: timedelta) -> str:
    """Return a duration as the files write it, such as `1h30m`."""
    minutes = length // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    if hours and hours % 24 == 0 and not rest and hours > 24:
        return f"{hours // 24}d"
    return f"{hours}h{rest}m" if hours and rest else f"{hours}h" if hours else f"{rest}m"
