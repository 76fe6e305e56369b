"""What the reader chose to see: a period, a part of the operation, a way to split it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.metrics.access import Reach
from caseward.metrics.definitions import Metric
from caseward.metrics.slices import Slice
from caseward.web.views.lead import places
from caseward.web.views.lead.places import Place

PERIODS = (1, 4, 8, 13, 26, 52)
USUAL_PERIOD = 8
YEARS = range(2000, 3000)  # near its ends the calendar has no weeks before or after
MINE = "mine"
SPLITS = ("week", "site", "vendor", "lob", "team")
NAMED: Mapping[str, Callable[[], list[Place]]] = {
    "site": places.sites,
    "vendor": places.vendors,
    "lob": places.lobs,
    "team": places.teams,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Everything the address of the page says. `until` is the period's last day."""

    weeks: int
    until: date
    today: date
    site: str
    vendor: str
    lob: str
    team: str
    by: str
    sort: str
    reach: Reach

    @property
    def starts_on(self) -> date:
        return monday(self.until) - timedelta(weeks=self.weeks - 1)

    @property
    def ends_before(self) -> date:
        return self.until + timedelta(days=1)

    @property
    def is_filtered(self) -> bool:
        return bool(self.site or self.vendor or self.lob or self.team)

    def slice(self) -> Slice:
        """Return what was chosen, within what the reader may see."""
        return Slice(
            starts_on=self.starts_on,
            ends_before=self.ends_before,
            site_ids=_ids("site", self.site),
            vendor_ids=_ids("vendor", self.vendor),
            team_ids=self.reach.own_team_ids if self.team == MINE else _ids("team", self.team),
            lob_ids=self._lob_ids(),
        )

    def _lob_ids(self) -> frozenset[int] | None:
        chosen, all_lobs = _ids("lob", self.lob), {place.id for place in places.lobs()}
        if chosen is not None:
            return chosen & self.reach.lob_ids
        return None if self.reach.lob_ids >= all_lobs else self.reach.lob_ids

    def lob_id(self) -> int | None:
        """Return the one line of business chosen, if one was: it may have targets of its own."""
        return next(iter(_ids("lob", self.lob) or ()), None)

    def parameters(self) -> dict[str, str]:
        chosen = {"site": self.site, "vendor": self.vendor, "lob": self.lob}
        return {name: value for name, value in chosen.items() if value} | {"team": self.team}

    def period(self) -> dict[str, str]:
        until = {} if self.until == self.today else {"until": self.until.isoformat()}
        return {"weeks": str(self.weeks), **until}

    def page_url(self, name: str = "lead", **changes: str) -> str:
        """Return the address of this page with something else chosen."""
        split = {"by": self.by, "sort": self.sort}
        chosen = {**self.period(), **self.parameters(), **split, **changes}
        return f"{reverse(name)}?{urlencode({k: v for k, v in chosen.items() if v or k == 'team'})}"

    def cases_url(self, metric: Metric, *, part: str = "all", **narrower: str) -> str:
        """Return the address of the cases behind a figure of this page."""
        of_figure = {"metric": metric.key, "part": part, **narrower}
        chosen = {**of_figure, **self.period(), **self.parameters()}
        return f"{reverse('lead-cases')}?{urlencode(chosen)}"

    def of_week(self, week: date) -> "Choice":
        return replace(self, weeks=1, until=min(week + timedelta(days=6), self.until))

    def narrowed(self, key: str) -> "Choice":
        """Return the choice of one site, vendor, LOB or team of those it is split by."""
        changes: dict[str, Any] = {self.by: key}
        return replace(self, **changes)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def read_choice(query: QueryDict, *, reach: Reach, today: date, begins_with_own: bool) -> Choice:
    """Read the address; a period that makes no sense is the usual one.

    Raises:
        Http404: a site, vendor, LOB or team that does not exist.
    """
    until = read_day(query.get("until", "")) or today
    usual_team = MINE if begins_with_own and reach.own_team_ids else ""
    choice = Choice(
        weeks=_weeks(query.get("weeks", "")),
        until=min(monday(until) + timedelta(days=6), today),
        today=today,
        site=query.get("site", ""),
        vendor=query.get("vendor", ""),
        lob=query.get("lob", ""),
        team=query.get("team", usual_team),
        by=query.get("by", "") if query.get("by", "") in SPLITS else "week",
        sort=query.get("sort", ""),
        reach=reach,
    )
    choice.slice()
    return choice


def read_day(text: str) -> date | None:
    """Return a day around which weeks can be counted, or None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _weeks(text: str) -> int:
    return int(text) if text in map(str, PERIODS) else USUAL_PERIOD


def _ids(name: str, key: str) -> frozenset[int] | None:
    if not key:
        return None
    found = frozenset(place.id for place in NAMED[name]() if place.key == key)
    if not found:
        raise Http404(_("There is nothing called %(key)s here.") % {"key": key})
    return found


@dataclass(frozen=True, slots=True)
class Filter:
    """One list to choose from above the figures."""

    name: str
    label: str
    value: str
    options: list[tuple[str, str]]
    is_required: bool = False


def filters(choice: Choice) -> list[Filter]:
    labels = {
        "site": _("All sites"),
        "vendor": _("All vendors"),
        "lob": _only_lob(choice) or _("All lines of business"),
        "team": _("All teams"),
    }
    return [
        Filter("weeks", _("Period"), str(choice.weeks), _periods(), is_required=True),
        *(
            Filter(name, label, getattr(choice, name), _options(name, choice))
            for name, label in labels.items()
        ),
    ]


def _periods() -> list[tuple[str, str]]:
    return [(str(n), _("This week") if n == 1 else _("%(n)d weeks") % {"n": n}) for n in PERIODS]


def _only_lob(choice: Choice) -> str:
    """Return the name of the line of business of who leads one; empty for those who see more."""
    seen = _lobs_seen(choice)
    return seen[0].name if len(seen) == 1 else ""


def _lobs_seen(choice: Choice) -> list[Place]:
    return [place for place in places.lobs() if place.id in choice.reach.lob_ids]


def _options(name: str, choice: Choice) -> list[tuple[str, str]]:
    if name == "lob":
        seen = _lobs_seen(choice)
        return [(place.key, place.name) for place in seen] if len(seen) > 1 else []
    options = [(place.key, place.name) for place in NAMED[name]()]
    if name == "team" and choice.reach.own_team_ids:
        options.insert(0, (MINE, _("My teams")))
    return options
