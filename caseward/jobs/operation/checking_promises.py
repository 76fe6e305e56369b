"""What must hold for what is promised: everything once, in time that can be counted."""

from datetime import timedelta

from caseward.jobs.operation.parts import IN_DAYS, Duty, Operation, Promise
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.public_holidays import subdivisions
from caseward.jobs.operation.relations import each_once, refer
from caseward.sla.markets import CALENDAR_OF, ZONES

_PRIORITIES = range(1, 5)


def check(operation: Operation, problems: Problems) -> None:
    sites = {site.key for site in operation.sites}
    for promise in operation.promises:
        for duty in filter(None, promise.duties.values()):
            refer(duty, "calendar", duty.calendar, sites, "a site", problems)
            _check_days(duty, problems)
        _check_order(promise, problems)
    each_once(
        operation.promises, "priority", lambda one: (one.line_of_business, one.priority), problems
    )
    _check_promised(operation, problems)


def _check_days(duty: Duty, problems: Problems) -> None:
    if duty.measured in IN_DAYS and duty.within % timedelta(days=1):
        problems.at(duty.place, "within", "within: expected whole days, such as 3d")
    country, _, part = duty.market.partition("-")
    if country and country not in ZONES:
        text = f'market: the clocks of "{country}" are not known; known: {", ".join(ZONES)}'
        problems.at(duty.place, "market", text)
    elif part and part not in _parts_of(country):
        known = ", ".join(_parts_of(country)) or "none"
        problems.at(
            duty.place, "market", f'market: "{part}" is not a part of {country}; known: {known}'
        )


def _parts_of(country: str) -> list[str]:
    """Return the parts with holidays of their own, by their letters."""
    return [part for part in subdivisions(CALENDAR_OF.get(country, country)) if part.isupper()]


def _check_order(promise: Promise, problems: Problems) -> None:
    first, last = promise.first_response, promise.resolution
    are_alike = (first.measured, first.calendar, first.market) == (
        last.measured, last.calendar, last.market,
    )  # fmt: skip
    if are_alike and last.within < first.within:
        text = "resolution: is promised sooner than the first response"
        problems.at(promise.place, "resolution", text)


def _check_promised(operation: Operation, problems: Problems) -> None:
    if not operation.promises:
        return
    made = {(promise.line_of_business, promise.priority) for promise in operation.promises}
    for line in operation.lines_of_business:
        for priority in _PRIORITIES:
            if line.key and (line.key, priority) not in made:
                text = f"no promise for {line.key} with priority {priority}; add one"
                problems.add("promises.yaml", 0, text)
