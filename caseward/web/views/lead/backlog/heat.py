"""The backlog by two kinds: a table shaded by how much there is, and bars. Each number opens."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from caseward.casework.listing import AGES, DUES, Counts, Due
from caseward.org import queries as org
from caseward.org.models import Language
from caseward.policy import queries as policy
from caseward.web.languages import named
from caseward.web.views.desk.filtering import age_label
from caseward.web.views.lead import places, words
from caseward.web.views.lead.backlog.asked import Asked, kinds
from caseward.web.views.lead.charts import Bar

SHADES = 5
TONES = {"missed": "danger", "14-": "danger", "7-14": "warn"}

type Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Cell:
    """A number and where it leads; `shade` from 0 (none) to 5 (as many as anywhere)."""

    text: str
    url: str
    shade: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    label: str
    cells: list[Cell]
    total: Cell


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    rows_label: str
    columns: list[str]
    rows: list[Row]
    totals: list[Cell]
    total: Cell
    bars: list[Bar]


def heat(asked: Asked, counts: Counts) -> Heat:
    """Lay counts out as a table: scales in their order, names with the largest first."""
    rows, columns = _named(asked.rows, counts, 0), _named(asked.columns, counts, 1)
    most = max(counts.values(), default=0)
    return Heat(
        rows_label=kinds()[asked.rows],
        columns=list(columns.values()),
        rows=[_row(asked, key, label, columns, counts, most) for key, label in rows.items()],
        totals=[
            _cell(asked, _sum(counts, column, 1), 0, **{asked.columns: column})
            for column in columns
        ],
        total=_cell(asked, sum(counts.values()), 0),
        bars=_bars(asked, rows, counts),
    )


def _row(asked: Asked, key: str, label: str, columns: Names, counts: Counts, most: int) -> Row:
    cells = [
        _cell(asked, counts.get((key, column), 0), most, **_kinds(asked, key, column))
        for column in columns
    ]
    total = _cell(asked, _sum(counts, key, 0), 0, **{asked.rows: key})
    return Row(label=label, cells=cells, total=total)


def _kinds(asked: Asked, row: str, column: str) -> dict[str, str]:
    return {asked.rows: row, asked.columns: column}


def _cell(asked: Asked, count: int, most: int, **kinds: str) -> Cell:
    if not count:
        return Cell("–", "", 0)
    shade = -(-count * SHADES // most) if most else 0
    return Cell(words.whole(count), asked.cases_url(**kinds), shade)


def _sum(counts: Counts, key: str, side: int) -> int:
    return sum(count for pair, count in counts.items() if pair[side] == key)


def _bars(asked: Asked, rows: Names, counts: Counts) -> list[Bar]:
    sums = {key: _sum(counts, key, 0) for key in rows}
    longest = max(sums.values(), default=0) or 1
    return [
        Bar(
            label=rows[key],
            text=words.whole(count),
            share=round(count / longest, 3),
            tone=TONES.get(key, ""),
            url=asked.cases_url(**{asked.rows: key}),
        )
        for key, count in sums.items()
    ]


def _named(kind: str, counts: Counts, side: int) -> Names:
    """Return the keys of a kind with their names: all of a scale, else those that occur."""
    if kind == "age":
        return {age: age_label(age) for age in AGES}
    if kind == "due":
        return {str(due): dues()[due] for due in DUES}
    known = NAMES[kind]()
    sums = {pair[side]: _sum(counts, pair[side], side) for pair in counts}
    return {key: known.get(key, key) for key in sorted(sums, key=lambda key: (-sums[key], key))}


def dues() -> dict[Due, str]:
    return {
        Due.MISSED: _("Missed"),
        Due.TODAY: _("Later today"),
        Due.WEEK: _("In the six days after"),
        Due.LATER: _("Later than that"),
        Due.HELD: _("Held or nothing due"),
    }


def _vendors() -> Names:
    known = {str(pk): vendor.name for pk, vendor in org.vendors().items()}
    return {"0": _("No vendor"), **known}


def _reasons() -> Names:
    known = {str(pk): named(reason) for pk, reason in policy.reasons().items()}
    return {"0": _("No reason yet"), **known}


NAMES = {
    "language": lambda: {code: str(label) for code, label in Language.choices},
    "lob": lambda: {str(place.id): place.name for place in places.lobs()},
    "vendor": _vendors,
    "reason": _reasons,
}
