"""Reads the folder of an operation into `parts`, or says everything that is wrong with it.

One function per kind of entry states which values it has; `checking` then looks at the whole.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from yaml.nodes import Node, SequenceNode

from caseward.jobs.operation import checking, macros, values
from caseward.jobs.operation.documents import document, unexpected_names
from caseward.jobs.operation.fields import Fields, Source, build_entry, found
from caseward.jobs.operation.parts import (
    FIELD_KINDS,
    GENERAL,
    IN_DAYS,
    IN_HOUSE,
    LEVELS,
    MEASURES,
    ROLES,
    WEEKDAYS,
    Certification,
    Choice,
    Disposition,
    Duty,
    Form,
    FormField,
    Hours,
    LineOfBusiness,
    Macro,
    Mailbox,
    Operation,
    Part,
    Promise,
    Reason,
    Region,
    Serves,
    Settings,
    Site,
    Skill,
    SpecialDay,
    StaffMember,
    Team,
    Vendor,
)
from caseward.jobs.operation.problems import Place, Problems
from caseward.jobs.operation.sections import SECTIONS

LISTS = (
    "regions",
    "sites",
    "vendors",
    "lines_of_business",
    "reasons",
    "dispositions",
    "teams",
    "staff",
    "forms",
    "promises",
    "mailboxes",
)
USUAL_HANDLING = timedelta(minutes=8)
_FILES = tuple(f"{name}.yaml" for name in ("operation", *LISTS, *(s.name for s in SECTIONS)))


def read_operation(folder: Path) -> Operation:
    """Read and check a whole folder.

    Raises:
        OperationInvalid: with every problem found, each with file and line.
    """
    problems = Problems()
    if not folder.is_dir():
        problems.add(str(folder), 0, "is not a folder; name the folder of an operation")
        problems.raise_any()
    operation = _read(folder, problems)
    checking.check(operation, problems)
    problems.raise_any()
    return operation


def _read(folder: Path, problems: Problems) -> Operation:
    for name in unexpected_names(folder, _FILES):
        problems.add(name, 0, f"is not a file of an operation; known: {', '.join(_FILES)}")
    settings = _settings(folder, problems)

    def entries[P: Part](name: str, build: Callable[[Fields], P]) -> tuple[P, ...]:
        return _entries(folder, f"{name}.yaml", build, settings.languages, problems)

    lines_of_business = _in_order(entries("lines_of_business", _line_of_business))
    return Operation(
        settings=settings,
        regions=entries("regions", _region),
        sites=entries("sites", _site),
        vendors=entries("vendors", _vendor),
        lines_of_business=lines_of_business,
        reasons=entries("reasons", _reason),
        dispositions=entries("dispositions", _disposition),
        teams=entries("teams", _team),
        staff=entries("staff", _staff_member),
        forms=entries("forms", _form),
        promises=entries("promises", _promise),
        macros=_macros(folder, lines_of_business, settings.languages, problems),
        mailboxes=entries("mailboxes", _mailbox),
        more={
            section.name: entries(section.name, section.build)
            for section in SECTIONS
            if (folder / f"{section.name}.yaml").exists()
        },
    )


def _in_order(lines: tuple[LineOfBusiness, ...]) -> tuple[LineOfBusiness, ...]:
    return tuple(replace(line, position=position) for position, line in enumerate(lines))


def _settings(folder: Path, problems: Problems) -> Settings:
    file = "operation.yaml"
    node = document(folder / file, file, problems)
    if node is None:
        place = Place(file, 0)
        return Settings(place=place, name="", platform="", mail_domain="", languages=())
    return build_entry(node, Source(file, problems), _operation_settings)


def _entries[P: Part](
    folder: Path,
    file: str,
    build: Callable[[Fields], P],
    languages: tuple[str, ...],
    problems: Problems,
) -> tuple[P, ...]:
    source = Source(file, problems, languages)
    node = document(folder / file, file, problems)
    return tuple(build_entry(item, source, build) for item in _items(node, source))


def _items(node: Node | None, source: Source) -> list[Node]:
    if node is None:
        return []
    if not isinstance(node, SequenceNode):
        source.say(node, f'expected a list of entries ("- key: …"), found {found(node)}')
        return []
    return list(node.value)


def _macros(
    folder: Path,
    lines_of_business: tuple[LineOfBusiness, ...],
    languages: tuple[str, ...],
    problems: Problems,
) -> tuple[Macro, ...]:
    keys = [GENERAL, *(line.key for line in lines_of_business if line.key)]
    if not (folder / "macros").is_dir():
        problems.add("macros", 0, "is missing; expected a folder with one file for each LOB")
        return ()
    for name in unexpected_names(folder / "macros", (f"{key}.yaml" for key in keys)):
        problems.add(f"macros/{name}", 0, f"belongs to no line of business; known: {keys}")
    return tuple(
        macro
        for key in keys
        for macro in _entries(
            folder, f"macros/{key}.yaml", partial(macros.build, key), languages, problems
        )
    )


def _operation_settings(fields: Fields) -> Settings:
    return Settings(
        place=fields.place,
        name=fields.text("name"),
        platform=fields.text("platform"),
        mail_domain=fields.value("mail_domain", values.domain, ""),
        languages=fields.list_of("languages", values.language),
    )


def _region(fields: Fields) -> Region:
    return Region(place=fields.place, key=fields.key(), name=fields.text("name"))


def _site(fields: Fields) -> Site:
    return Site(
        place=fields.place,
        key=fields.key(),
        name=fields.text("name"),
        region=fields.key("region"),
        timezone=fields.value("timezone", values.timezone, ""),
        country=fields.text("country"),
        subdivision=fields.optional("subdivision", values.text),
        hours=fields.entry("hours", _week, ()),
        holidays_not_observed=fields.list_of("holidays_not_observed", values.text, required=False),
        special_days=fields.entries("special_days", _special_day),
    )


def _week(fields: Fields) -> tuple[Hours, ...]:
    return tuple(fields.hours(day) for day in WEEKDAYS)


def _special_day(fields: Fields) -> SpecialDay:
    hours = None if fields.says("hours", "usual") else fields.hours("hours")
    return SpecialDay(place=fields.place, on=fields.day("on"), hours=hours)


def _vendor(fields: Fields) -> Vendor:
    return Vendor(
        place=fields.place,
        key=fields.key(),
        name=fields.text("name"),
        serves=fields.entries("serves", _serves, required=True),
    )


def _serves(fields: Fields) -> Serves:
    return Serves(
        place=fields.place,
        line_of_business=fields.key("line_of_business"),
        share=fields.value("share", values.share, 0.0),
        languages=fields.list_of("languages", values.language),
    )


def _line_of_business(fields: Fields) -> LineOfBusiness:
    return LineOfBusiness(
        place=fields.place,
        key=fields.key(),
        names=fields.translations("names"),
        descriptions=fields.translations("descriptions"),
        default_priority=fields.value("default_priority", values.priority, 1),
        seals_attachments=fields.value("seals_attachments", values.truth, instead=False),
        position=0,
    )


def _reason(fields: Fields) -> Reason:
    return Reason(
        place=fields.place,
        key=fields.key(),
        line_of_business=fields.key("line_of_business"),
        names=fields.translations("names"),
        priority=fields.value("priority", values.priority, 1),
        severity=fields.value("severity", values.severity, 0),
        category=fields.optional("category", values.key) or "",
        certification=fields.optional("certification", values.key) or "",
        language_level=_level(fields, "language_level", "basic"),
        handling=fields.optional("handling", values.duration) or USUAL_HANDLING,
        cues=fields.per_language("cues", lambda cues, code: cues.list_of(code, values.text)),
    )


def _disposition(fields: Fields) -> Disposition:
    return Disposition(
        place=fields.place,
        key=fields.key(),
        line_of_business=fields.key("line_of_business"),
        names=fields.translations("names"),
        is_survey_wanted=fields.value("is_survey_wanted", values.truth, instead=False),
    )


def _team(fields: Fields) -> Team:
    vendor = fields.key("vendor")
    return Team(
        place=fields.place,
        key=fields.key(),
        name=fields.text("name"),
        site=fields.key("site"),
        vendor=None if vendor == IN_HOUSE else vendor,
        tier=fields.value("tier", values.tier, 1),
        leader=fields.key("leader"),
    )


def _staff_member(fields: Fields) -> StaffMember:
    return StaffMember(
        place=fields.place,
        key=fields.key(),
        name=fields.text("name"),
        email=fields.value("email", values.email, ""),
        role=fields.one_of("role", ROLES),
        team=fields.optional("team", values.key),
        site=fields.optional("site", values.key),
        manager=fields.optional("manager", values.key),
        joined=fields.optional("joined", values.day),
        skills=fields.entries("skills", _skill),
        certifications=fields.entries("certifications", _certification),
    )


def _skill(fields: Fields) -> Skill:
    return Skill(
        place=fields.place,
        line_of_business=fields.key("line_of_business"),
        languages=fields.list_of("languages", values.language),
        level=_level(fields, "level", "fluent"),
    )


def _level(fields: Fields, name: str, usual: str) -> str:
    return fields.one_of(name, LEVELS) if fields.has(name) else usual


def _certification(fields: Fields) -> Certification:
    return Certification(
        place=fields.place, key=fields.key(), expires=fields.optional("expires", values.day)
    )


def _form(fields: Fields) -> Form:
    line = _unless_general(fields.key("line_of_business"))
    offers_upload = fields.optional("offers_upload", values.truth)
    return Form(
        place=fields.place,
        line_of_business=line,
        titles=fields.translations("titles", required=line is not None),
        introductions=fields.translations("introductions", required=False),
        offers_upload=offers_upload is not False,
        fields=fields.entries("fields", _form_field, required=True),
    )


def _form_field(fields: Fields) -> FormField:
    return FormField(
        place=fields.place,
        key=fields.key(),
        kind=fields.one_of("kind", FIELD_KINDS),
        required=fields.value("required", values.truth, instead=False),
        labels=fields.translations("labels"),
        hints=fields.translations("hints", required=False),
        errors=fields.translations("errors", required=False),
        choices=fields.entries("choices", _choice),
    )


def _choice(fields: Fields) -> Choice:
    return Choice(place=fields.place, key=fields.key(), names=fields.translations("names"))


def _promise(fields: Fields) -> Promise:
    none = Duty(place=fields.place, within=values.NO_TIME, measured="elapsed")
    return Promise(
        place=fields.place,
        line_of_business=fields.key("line_of_business"),
        priority=fields.value("priority", values.priority, 1),
        first_response=fields.entry("first_response", _duty, none),
        resolution=fields.entry("resolution", _duty, none),
        acknowledge=_further_duty(fields, "acknowledge"),
        next_response=_further_duty(fields, "next_response"),
        escalation_pickup=_further_duty(fields, "escalation_pickup"),
        tier_2_decision=_further_duty(fields, "tier_2_decision"),
    )


def _further_duty(fields: Fields, name: str) -> Duty | None:
    return fields.entry(name, _duty, None) if fields.has(name) else None


def _duty(fields: Fields) -> Duty:
    measured = fields.one_of("measured", MEASURES)
    is_of_a_site = measured == "working" and not fields.has("market")
    is_of_a_market = measured in {"working", *IN_DAYS} and not is_of_a_site
    return Duty(
        place=fields.place,
        within=fields.value("within", values.duration, values.NO_TIME),
        measured=measured,
        calendar=fields.key("calendar") if is_of_a_site else None,
        market=fields.value("market", values.market, "") if is_of_a_market else "",
    )


def _mailbox(fields: Fields) -> Mailbox:
    return Mailbox(
        place=fields.place,
        address=fields.value("address", values.email, ""),
        name=fields.text("name"),
        line_of_business=fields.key("line_of_business"),
        language=fields.value("language", values.language, ""),
        signatures=fields.translations("signatures"),
    )


def _unless_general(line_of_business: str) -> str | None:
    return None if line_of_business == GENERAL else line_of_business
