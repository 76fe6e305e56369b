"""Who is paged when somebody is in danger, in which order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caseward.casework.emergency import rotas
from caseward.jobs.operation import calendars, values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import WEEKDAYS, Hours, Operation, Part
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer
from caseward.jobs.operation.sections.section import HERE, Section, check_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Window(Part):
    """When somebody is on call on one day of the week, in the zone of their site."""

    day: str
    hours: Hours


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCall(Part):
    """Somebody on a rota; no `windows` means at any time, no `email` their work address."""

    staff: str
    email: str | None
    webhook: str | None
    windows: tuple[Window, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rota(Part):
    """`people` are paged in this order; then those of `fallback`."""

    key: str
    name: str
    region: str
    line_of_business: str | None
    fallback: str | None
    people: tuple[OnCall, ...]


def _build(fields: Fields) -> Rota:
    return Rota(
        place=fields.place,
        key=fields.key(),
        name=fields.text("name"),
        region=fields.key("region"),
        line_of_business=fields.optional("line_of_business", values.key),
        fallback=fields.optional("fallback", values.key),
        people=fields.entries("people", _person, required=True),
    )


def _person(fields: Fields) -> OnCall:
    return OnCall(
        place=fields.place,
        staff=fields.key("staff"),
        email=fields.optional("email", values.email),
        webhook=fields.optional("webhook", values.text),
        windows=fields.entries("windows", _window),
    )


def _window(fields: Fields) -> Window:
    return Window(
        place=fields.place, day=fields.one_of("day", WEEKDAYS), hours=fields.hours("hours")
    )


def _present() -> tuple[Rota, ...]:
    return tuple(
        Rota(
            place=HERE,
            key=key,
            name=facts["name"],
            region=facts["region"],
            line_of_business=facts["line_of_business"],
            fallback=facts["fallback"],
            people=tuple(_kept(person) for person in facts["people"]),
        )
        for key, facts in rotas.read_rotas()
        if facts["people"]
    )


def _kept(person: Mapping[str, Any]) -> OnCall:
    windows = person["windows"]
    return OnCall(
        place=HERE,
        staff=person["staff"],
        email=person["email"] or None,
        webhook=person["webhook"] or None,
        windows=tuple(
            Window(place=HERE, day=day, hours=calendars.hours_of(windows[day]))
            for day in WEEKDAYS
            if day in windows
        ),
    )


def _write(part: Rota) -> None:
    people = [
        {
            "staff": person.staff,
            "email": person.email or "",
            "webhook": person.webhook or "",
            "windows": {
                one.day: [list(pair) for pair in calendars.pairs_of(one.hours)]
                for one in person.windows
            },
        }
        for person in part.people
    ]
    said = {name: getattr(part, name) for name in ("name", "region", "line_of_business")}
    rotas.write_rota(part.key, {**said, "fallback": part.fallback, "people": people})


def _check(part: Rota, operation: Operation, problems: Problems) -> None:
    regions = {region.key for region in operation.regions}
    refer(part, "region", part.region, regions, "a region", problems)
    if part.line_of_business:
        check_line(part, part.line_of_business, operation, problems)
    _check_fallback(part, operation, problems)
    in_house = {member.key for member in operation.staff if member.role != "AGENT"}
    for person in part.people:
        refer(person, "staff", person.staff, in_house, "somebody in-house", problems)
        if person.webhook and not person.webhook.startswith("https://"):
            problems.at(person.place, "webhook", "webhook: must begin with https://")


def _check_fallback(part: Rota, operation: Operation, problems: Problems) -> None:
    """A rota falls back on one written above it, so nobody is paged in a circle."""
    above: set[str] = set()
    for rota in operation.more.get(SECTION.name, ()):
        if rota is part:
            break
        above.add(str(getattr(rota, "key", "")))
    refer(part, "fallback", part.fallback, above, "a rota written above this one", problems)


SECTION = Section(
    name="on_call",
    noun="on-call rota",
    key=lambda part: part.key,
    build=_build,
    present=_present,
    write=_write,
    remove=lambda part: rotas.remove_rota(part.key),
    check=_check,
)
