"""What must hold between the parts of an operation, across its files."""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable
from functools import cache
from string import Formatter

import holidays

from caseward.jobs.operation import checking_people
from caseward.jobs.operation.parts import (
    PLACEHOLDERS,
    FormField,
    Macro,
    Operation,
    Part,
    Promise,
    Site,
    Vendor,
)
from caseward.jobs.operation.problems import Problems, did_you_mean

_HOLIDAY_YEARS = range(2024, 2031)
_REMARK = re.compile(r" \((observed|estimated|observed, estimated)\)$")
_NEEDED_FIELDS = {"email": "email", "message": "textarea"}


def check(operation: Operation, problems: Problems) -> None:
    """Report whatever does not fit together."""
    _check_keys(operation, problems)
    _check_references(operation, problems)
    for site in operation.sites:
        _check_calendar(site, problems)
    _check_vendor_shares(operation.vendors, problems)
    _check_forms(operation, problems)
    _check_promises(operation, problems)
    for macro in operation.macros:
        _check_placeholders(macro, problems)
    checking_people.check(operation, problems)


def each_once[P: Part](
    parts: Iterable[P], name: str, of: Callable[[P], Hashable], problems: Problems
) -> None:
    """Report a value that two parts share and only one may have."""
    first: dict[Hashable, P] = {}
    for part in parts:
        value = of(part)
        if value in first:
            at = first[value].place
            where = f"{at.file}:{at.line_of(name)}"
            problems.at(part.place, name, f"{name} is already used at {where}; give another")
        elif value:
            first[value] = part


def refers(
    part: Part, name: str, to: str | None, known: Collection[str], kind: str, problems: Problems
) -> None:
    """Report a reference to something that does not exist."""
    if to and to not in known:
        said = name.partition(".")[0]
        problems.at(part.place, name, f'{said} "{to}" is not {kind}{did_you_mean(to, known)}')


def _check_keys(operation: Operation, problems: Problems) -> None:
    for parts in (
        operation.regions,
        operation.sites,
        operation.vendors,
        operation.lines_of_business,
        operation.teams,
        operation.staff,
        operation.forms,
        operation.mailboxes,
    ):
        each_once(parts, "key", lambda part: part.key, problems)
    for by_lob in (operation.reasons, operation.dispositions, operation.macros):
        each_once(by_lob, "key", lambda part: (part.line_of_business, part.key), problems)
    each_once(operation.mailboxes, "address", lambda mailbox: mailbox.address, problems)
    each_once(operation.staff, "email", lambda member: member.email, problems)
    each_once(
        operation.forms,
        "line_of_business",
        lambda form: form.key and (form.line_of_business,),
        problems,
    )


def _check_references(operation: Operation, problems: Problems) -> None:
    regions = {region.key for region in operation.regions}
    for site in operation.sites:
        refers(site, "region", site.region, regions, "a region", problems)
    lines = {line.key for line in operation.lines_of_business}
    for part in (
        *operation.reasons,
        *operation.dispositions,
        *operation.forms,
        *operation.promises,
        *operation.mailboxes,
        *(serves for vendor in operation.vendors for serves in vendor.serves),
    ):
        lob = part.line_of_business
        refers(part, "line_of_business", lob, lines, "a line of business", problems)
    for macro in operation.macros:
        _check_macro_references(macro, operation, problems)
    for mailbox in operation.mailboxes:
        if mailbox.address and not mailbox.address.endswith(f"@{operation.settings.mail_domain}"):
            domain = operation.settings.mail_domain
            problems.at(mailbox.place, "address", f"address must end in @{domain} (operation.yaml)")


def _check_macro_references(macro: Macro, operation: Operation, problems: Problems) -> None:
    lob = macro.line_of_business
    reasons = {reason.key for reason in operation.reasons if reason.line_of_business == lob}
    for index, reason in enumerate(macro.reasons):
        refers(macro, f"reasons.{index}", reason, reasons, f"a reason of {lob}", problems)
    endings = {each.key for each in operation.dispositions if each.line_of_business == lob}
    kind = f"a disposition of {lob}"
    refers(macro, "disposition", macro.disposition, endings, kind, problems)


@cache
def _countries() -> dict[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=True)


@cache
def holiday_names(country: str, subdivision: str | None) -> frozenset[str]:
    """Return every public holiday the library names there, in English, without its remarks."""
    days = holidays.country_holidays(
        country, subdiv=subdivision, years=_HOLIDAY_YEARS, language="en_US"
    )
    return frozenset(plain_holiday_name(name) for on in days for name in days.get_list(on))


def plain_holiday_name(name: str) -> str:
    """Return the name without a remark such as `(estimated)` or `(observed)`."""
    return _REMARK.sub("", name)


def _check_calendar(site: Site, problems: Problems) -> None:
    days = [day.on for day in (*site.extra_holidays, *site.half_days)]
    for part in (*site.extra_holidays, *site.half_days):
        if days.count(part.on) > 1:
            problems.at(part.place, "on", f"{part.on} is a special day of {site.key} twice")
    if not site.country:
        return
    if site.country not in _countries():
        hint = did_you_mean(site.country, _countries())
        text = f'country "{site.country}" has no public holidays in the holidays library{hint}'
        problems.at(site.place, "country", f'{text}; expected a code such as "IN"')
        return
    subdivisions = _countries()[site.country]
    if site.subdivision and site.subdivision not in subdivisions:
        known = ", ".join(subdivisions) or "none"
        text = f'subdivision "{site.subdivision}" is not one of {site.country}; known: {known}'
        problems.at(site.place, "subdivision", text)
        return
    names = holiday_names(site.country, site.subdivision)
    for index, name in enumerate(site.holidays_not_observed):
        kind = f"a public holiday of {site.country} {site.subdivision or ''}".strip()
        refers(site, f"holidays_not_observed.{index}", name, names, kind, problems)


def _check_vendor_shares(vendors: tuple[Vendor, ...], problems: Problems) -> None:
    served = defaultdict(list)
    for vendor in vendors:
        each_once(vendor.serves, "line_of_business", lambda one: one.line_of_business, problems)
        for serves in vendor.serves:
            served[serves.line_of_business].append(serves)
    for line_of_business, all_serving in served.items():
        total = sum(serves.share for serves in all_serving)
        if abs(total - 1) > 1e-6 and line_of_business:
            text = f"the shares of {line_of_business} add up to {total:g}, expected 1"
            problems.at(all_serving[-1].place, "share", text)


def _check_forms(operation: Operation, problems: Problems) -> None:
    general = [form for form in operation.forms if form.line_of_business is None]
    asked = {field.key: field.kind for form in general for field in form.fields}
    for key, kind in _NEEDED_FIELDS.items():
        if asked.get(key) != kind:
            text = f'the form for "general" needs a field "{key}" of kind {kind}'
            problems.add("forms.yaml", general[0].place.line if general else 0, text)
    for form in operation.forms:
        fields = (
            form.fields
            if form.line_of_business is None
            else (*general_fields(general), *form.fields)
        )
        each_once(fields, "key", lambda field: field.key, problems)
        for field in form.fields:
            _check_field(field, problems)


def general_fields(general: list) -> tuple[FormField, ...]:
    return tuple(field for form in general for field in form.fields)


def _check_field(field: FormField, problems: Problems) -> None:
    if field.kind == "choice" and not field.choices:
        problems.at(field.place, "kind", "a choice needs choices to choose from")
    if field.kind != "choice" and field.choices:
        problems.at(field.place, "choices", f"only a choice has choices, not a {field.kind}")
    if (field.required or field.kind in {"email", "url", "date"}) and not field.errors:
        problems.at(field.place, "key", '"errors" is missing: say what to do when it is wrong')
    each_once(field.choices, "key", lambda choice: choice.key, problems)


def _check_promises(operation: Operation, problems: Problems) -> None:
    sites = {site.key for site in operation.sites}
    for promise in operation.promises:
        _check_promise(promise, sites, problems)
    each_once(
        operation.promises, "priority", lambda one: (one.line_of_business, one.priority), problems
    )
    made = {(promise.line_of_business, promise.priority) for promise in operation.promises}
    for line in operation.lines_of_business:
        for priority in range(1, 5):
            if operation.promises and line.key and (line.key, priority) not in made:
                text = f"no promise is made for {line.key} with priority {priority}"
                problems.add("promises.yaml", 0, text)


def _check_promise(promise: Promise, sites: Collection[str], problems: Problems) -> None:
    for duty in (promise.first_response, promise.resolution):
        refers(duty, "calendar", duty.calendar, sites, "a site", problems)
    same_measure = promise.first_response.calendar == promise.resolution.calendar
    if same_measure and promise.resolution.within < promise.first_response.within:
        text = "the resolution is promised before the first response"
        problems.at(promise.place, "resolution", text)


def _check_placeholders(macro: Macro, problems: Problems) -> None:
    for language, body in macro.bodies.items():
        try:
            used = [name for _, name, _, _ in Formatter().parse(body) if name is not None]
        except ValueError:
            text = f"bodies ({language}): a brace is not closed; write a brace itself as {{{{"
            problems.at(macro.place, "bodies", text)
            continue
        for name in used:
            if name not in PLACEHOLDERS:
                known = ", ".join(PLACEHOLDERS)
                text = f'bodies ({language}): "{name}" is no placeholder; known: {known}'
                problems.at(macro.place, "bodies", text)
