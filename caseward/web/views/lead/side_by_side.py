"""The same figures split by week, site, vendor, line of business or team."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from caseward.metrics import queries
from caseward.metrics.definitions import BACKLOG, METRICS
from caseward.metrics.figures import Figure
from caseward.metrics.queries import Figures
from caseward.web.views.lead import words
from caseward.web.views.lead.choice import NAMED, SPLITS, Choice
from caseward.web.views.lead.tiles import Line, line

COLUMNS = (
    "csat", "first_response", "resolution", "backlog", "cases_in", "cases_out",
    "escalation_rate", "verdicts",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One row before it is drawn. Only the backlog of now opens, not that of a past week."""

    label: str
    key: str
    choice: Choice
    figures: Figures
    backlog: int
    backlog_opens: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    text: str
    url: str
    about: str = ""
    interval: Line | None = None
    verdict: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    label: str
    url: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    label: str
    url: str
    sorted: str  # ascending, descending or none, as aria-sort has it


def split_labels() -> dict[str, str]:
    return {
        "week": _("Week from"),
        "site": _("Site"),
        "vendor": _("Vendor"),
        "lob": _("Line of business"),
        "team": _("Team"),
    }


def groups(choice: Choice, weeks: Mapping[date, Figures], ends: Mapping[date, int]) -> list[Group]:
    """Return the rows of the table in the order asked for."""
    found = _weeks(choice, weeks, ends) if choice.by == "week" else _places(choice)
    column = choice.sort.removeprefix("-")
    if column not in COLUMNS:
        return found
    known = [group for group in found if _rank(group, column) is not None]
    known.sort(key=lambda group: _rank(group, column) or 0, reverse=choice.sort.startswith("-"))
    return known + [group for group in found if _rank(group, column) is None]


def _weeks(choice: Choice, weeks: Mapping[date, Figures], ends: Mapping[date, int]) -> list[Group]:
    return [
        Group(
            label=words.week(week),
            key=week.isoformat(),
            choice=choice.of_week(week),
            figures=figures,
            backlog=ends[week],
            backlog_opens=week == max(weeks) and choice.until == choice.today,
        )
        for week, figures in weeks.items()
    ]


def _places(choice: Choice) -> list[Group]:
    piece, by = choice.slice(), f"{choice.by}_id"
    found = queries.split(piece, by, today=choice.today)
    backlog = queries.backlog_by(piece, by)
    return [
        Group(
            label=place.name,
            key=place.key,
            choice=choice.narrowed(place.key),
            figures=found.get(place.id) or queries.together([]),
            backlog=backlog.get(place.id, 0),
            backlog_opens=True,
        )
        for place in NAMED[choice.by]()
        if place.id in found or place.id in backlog
    ]


def _rank(group: Group, column: str) -> float | None:
    if column == BACKLOG.key:
        return group.backlog
    figure = group.figures[column]
    return figure.share if figure.metric.is_share else figure.counted


def headings(choice: Choice) -> list[Heading]:
    orders = {"-": "descending", "": "ascending"}
    return [
        Heading(
            label=str(METRICS[key].name),
            url=choice.page_url(sort=key if choice.sort == f"-{key}" else f"-{key}"),
            sorted=next(
                (order for sign, order in orders.items() if choice.sort == f"{sign}{key}"), "none"
            ),
        )
        for key in COLUMNS
    ]


def rows(found: list[Group], targets: Mapping[str, float]) -> list[Row]:
    return [
        Row(
            label=group.label,
            url=group.choice.page_url(by="week", sort=""),
            cells=[_cell(group, key, targets.get(key)) for key in COLUMNS],
        )
        for group in found
    ]


def _cell(group: Group, key: str, target: float | None) -> Cell:
    metric = METRICS[key]
    url = group.choice.cases_url(metric)
    if metric.is_as_of:
        return Cell(text=words.whole(group.backlog), url=url if group.backlog_opens else "")
    figure = group.figures[key]
    return _share_cell(figure, url, target) if metric.is_share else _count_cell(figure, url)


def _count_cell(figure: Figure, url: str) -> Cell:
    return Cell(text=words.whole(figure.counted), url=url)


def _share_cell(figure: Figure, url: str, target: float | None) -> Cell:
    if not figure.out_of:
        return Cell(text="–", url="")
    return Cell(
        text=f"{words.value(figure)} %",
        url=url,
        about=f"n\u00a0{words.whole(figure.out_of)}",
        interval=line(figure, target),
        verdict=figure.verdict(target),
    )


def tabs(choice: Choice) -> list[dict[str, object]]:
    labels = split_labels() | {"week": _("Week")}
    return [
        {"label": labels[by], "url": choice.page_url(by=by, sort=""), "is_current": by == choice.by}
        for by in SPLITS
    ]
