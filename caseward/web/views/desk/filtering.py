"""What a list can be narrowed by, and what the address asks for.

Only what is offered is taken from the address: a value nobody offers narrows nothing, which is
said, and nothing is done to all of such a list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caseward.casework import access
from caseward.casework.listing import DAYS_OLD, Due, Filters, Pile
from caseward.casework.models import Case
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.policy import queries as policy
from caseward.routing import queries as routing
from caseward.web.languages import named
from caseward.web.look import PRIORITY_LABELS
from caseward.web.views.desk.case_list import CaseList

RARE = {"reason", "age", "team", "vendor", "channel", "tag"}  # behind a button until they are set
LONGEST_TAG = 40
MOST_PEOPLE = 300

type Options = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to, and the fields that say so."""

    filters: Filters
    shown: list[dict[str, Any]]
    is_set: bool
    left_out: str = ""  # a sentence about what was asked for and is not offered


@dataclass(frozen=True, slots=True)
class Asked:
    """What options depend on: the list, its reader, and what else the address asks for."""

    pile: Pile
    staff: StaffMember
    query: Mapping[str, str]

    @property
    def lobs(self) -> list[int]:
        """The lines of business the list may hold, or the one asked for."""
        mine = access.lobs_of(self.staff)
        if self.pile.queues is not None:
            mine &= {routing.queues()[pk].lob_id for pk in self.pile.queues}
        asked = self.query.get("lob", "")
        return [pk for pk in org.lines_of_business() if pk in mine and asked in {"", str(pk)}]


def read(query: Mapping[str, str], case_list: CaseList, staff: StaffMember) -> Wanted:
    """Return what an address asks a list to be narrowed to."""
    asked = Asked(case_list.pile, staff, query)
    offered = {name: OPTIONS[name](asked) for name in case_list.narrows_by if name in OPTIONS}
    values = {name: _value(query, name, options) for name, options in offered.items()}
    if "tag" in case_list.narrows_by:
        values["tag"] = _tag(query)
    labels = _labels()
    shown = [
        {
            "name": name,
            "label": labels[name],
            "value": value,
            "options": offered.get(name),
            "is_rare": name in RARE and not value,
        }
        for name, value in values.items()
        if name not in offered or len(offered[name]) > 1
    ]
    missing = [
        query[name] for name, value in values.items() if query.get(name, "").strip() != value
    ]
    return Wanted(Filters.named(values), shown, any(values.values()), _left_out(missing))


def _left_out(missing: list[str]) -> str:
    if not missing:
        return ""
    said = ", ".join(f"“{value[:LONGEST_TAG]}”" for value in missing)
    return _("This list cannot be narrowed to %(values)s, so it shows more than you asked for.") % {
        "values": said
    }


def fitting(filters: list[dict[str, Any]], *, is_narrow: bool) -> list[dict[str, Any]]:
    """Put every filter that is not set behind the button where the list is narrow."""
    if not is_narrow:
        return filters
    return [{**each, "is_rare": each["is_rare"] or not each["value"]} for each in filters]


def _value(query: Mapping[str, str], name: str, options: Options) -> str:
    asked = query.get(name, "")
    return asked if asked in {value for value, _label in options} else ""


def _tag(query: Mapping[str, str]) -> str:
    tag = query.get("tag", "").strip()[:LONGEST_TAG]
    return tag if tag.isprintable() else ""


def _labels() -> dict[str, str]:
    return {
        "status": _("Status"),
        "language": _("Language"),
        "reason": _("Reason"),
        "lob": _("Line of business"),
        "priority": _("Priority"),
        "due": _("Due"),
        "who": _("Worked on by"),
        "vendor": _("Vendor"),
        "team": _("Team"),
        "channel": _("Channel"),
        "tag": _("Tag"),
        "age": _("Age"),
    }


def _statuses(asked: Asked) -> Options:
    return [(code, str(Case.Status(code).label)) for code in asked.pile.statuses]


def _languages(asked: Asked) -> Options:
    queues = routing.queues()
    if asked.pile.queues is None:
        known = {language for _lob, language in org.skills_of(asked.staff.pk)}
    else:
        known = {queues[pk].language for pk in asked.pile.queues}
    return [(code, str(label)) for code, label in Language.choices if code in known]


def _reasons(asked: Asked) -> Options:
    reasons = [
        (str(reason.pk), named(reason))
        for lob_id in asked.lobs
        for reason in policy.reasons_of(lob_id)
    ]
    return [("0", _("No reason yet")), *reasons]


def _lobs(asked: Asked) -> Options:
    known = org.lines_of_business()
    all_of_them = Asked(asked.pile, asked.staff, {}).lobs
    return [(str(pk), named(known[pk])) for pk in all_of_them]


def _due(_asked: Asked) -> Options:
    return [
        (Due.MISSED, _("Missed")),
        (Due.SOON, _("Within an hour")),
        (Due.TODAY, _("Later today")),
        (Due.WEEK, _("In the six days after")),
        (Due.LATER, _("Later than that")),
        (Due.HELD, _("Held or nothing due")),
    ]


def _ages(_asked: Asked) -> Options:
    return [(age, age_label(age)) for age in DAYS_OLD]


def age_label(age: str) -> str:
    """Say how old the cases of an age are."""
    youngest, oldest = DAYS_OLD[age]
    if oldest is None:
        older = ngettext("Older than %(days)d day", "Older than %(days)d days", youngest)
        return older % {"days": youngest}
    if not youngest:
        return _("Less than a day old")
    return _("%(youngest)d to %(oldest)d days old") % {"youngest": youngest, "oldest": oldest}


def _vendors(_asked: Asked) -> Options:
    named = [(str(pk), vendor.name) for pk, vendor in org.vendors().items()]
    return [("0", _("No vendor")), *named]


def _people(asked: Asked) -> Options:
    """People who may have a case of this list: of the team asked for, or of tier 2 or all."""
    people = StaffMember.objects.filter(is_active=True, team__isnull=False)
    if (team := asked.query.get("team", "")).isdecimal() and int(team) in org.teams():
        people = people.filter(team_id=int(team))
    if all(routing.queues()[pk].tier == 2 for pk in asked.pile.queues or ()):
        people = people.filter(vendor__isnull=True)
    named = people.order_by("name", "pk").values_list("pk", "name")[:MOST_PEOPLE]
    return [("0", _("Nobody yet")), *((str(pk), name) for pk, name in named)]


OPTIONS: dict[str, Callable[[Asked], Options]] = {
    "status": _statuses,
    "language": _languages,
    "reason": _reasons,
    "lob": _lobs,
    "priority": lambda _asked: [(str(n), str(label)) for n, label in PRIORITY_LABELS.items()],
    "due": _due,
    "who": _people,
    "vendor": _vendors,
    "team": lambda _asked: [(str(pk), team.name) for pk, team in org.teams().items()],
    "age": _ages,
    "channel": lambda _asked: [(code, str(label)) for code, label in Case.Channel.choices],
}
