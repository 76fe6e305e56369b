"""The figures on top of the page, each with interval, sample size, target and change."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from caseward.metrics.definitions import BACKLOG, CASES_IN, CASES_OUT, METRICS
from caseward.metrics.figures import Figure
from caseward.metrics.queries import Backlog, Figures
from caseward.web.views.lead import words
from caseward.web.views.lead.choice import Choice

ORDER = (
    "csat", "first_response", "resolution", "backlog", "response_rate",
    "escalation_rate", "verdicts", "reopen_rate", "cases_in", "cases_out",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """An interval along a line from 0 to 100; no value when the sample is too small."""

    low: float
    high: float
    value: float | None
    target: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    name: str
    question: str
    value: str
    url: str
    about: list[str]
    unit: str = ""
    change: str = ""
    change_icon: str = ""
    interval: Line | None = None
    verdict: str = "none"
    verdict_label: str = ""


def tiles(
    choice: Choice,
    figures: Figures,
    earlier: Figures,
    backlog: Backlog,
    targets: Mapping[str, float],
    now: datetime,
) -> list[Tile]:
    made = []
    for key in ORDER:
        if key == BACKLOG.key:
            made.append(_backlog(choice, backlog, figures, now))
        elif METRICS[key].is_share:
            made.append(_share(choice, figures[key], earlier[key], targets.get(key)))
        else:
            made.append(_count(choice, figures, earlier, key))
    return made


def _share(choice: Choice, figure: Figure, earlier: Figure, target: float | None) -> Tile:
    verdict, moved = figure.verdict(target), figure.change_from(earlier)
    has_share = figure.share is not None
    about = [words.interval(figure)]
    if target is not None:
        about.append(_("Target %(target)s.") % {"target": words.target(target)})
    if earlier.out_of and has_share and moved is None:
        about.append(_("No clear change from %(before)s.") % {"before": words.before(choice.weeks)})
    return Tile(
        name=str(figure.metric.name),
        question=str(figure.metric.question),
        value=words.value(figure),
        unit="%" if has_share else "",
        url=choice.cases_url(figure.metric),
        change=words.change(moved) if moved is not None else "",
        change_icon="trending-up" if (moved or 0) > 0 else "trending-down",
        interval=line(figure, target),
        verdict=verdict,
        verdict_label=verdict_label(verdict),
        about=about,
    )


def line(figure: Figure, target: float | None) -> Line | None:
    interval, share = figure.interval, figure.share
    if interval is None or share is None:
        return None
    return Line(
        low=round(100 * interval.low, 2),
        high=round(100 * interval.high, 2),
        value=round(100 * share, 2) if figure.has_point else None,
        target=round(100 * target, 2) if target is not None else None,
    )


def verdict_label(verdict: str) -> str:
    return {
        "on": _("On target"),
        "off": _("Off target"),
        "unclear": _("Cannot be told from the target yet"),
        "none": "",
    }[verdict]


def _count(choice: Choice, figures: Figures, earlier: Figures, key: str) -> Tile:
    figure = figures[key]
    about = []
    if earlier[CASES_IN.key].counted:
        n, before = words.whole(earlier[key].counted), words.before(choice.weeks)
        about.append(_("%(n)s in %(before)s.") % {"n": n, "before": before})
    if key == CASES_OUT.key:
        about.insert(0, _net(figures[CASES_IN.key].counted - figure.counted))
    return Tile(
        name=str(figure.metric.name),
        question=str(figure.metric.question),
        value=words.whole(figure.counted),
        url=choice.cases_url(figure.metric),
        about=about,
    )


def _net(more_in: int) -> str:
    if more_in > 0:
        return _("%(n)s fewer than came in.") % {"n": words.whole(more_in)}
    if more_in < 0:
        return _("%(n)s more than came in.") % {"n": words.whole(-more_in)}
    return _("As many as came in.")


def _backlog(choice: Choice, backlog: Backlog, figures: Figures, now: datetime) -> Tile:
    about = [_("Now, whatever the period.")]
    if backlog.cases:
        ages = {name: words.age(at, now) for name, at in backlog.oldest_at.items()}
        about.append(
            _("Half are younger than %(p50)s, nine in ten than %(p90)s.")
            % {"p50": ages["p50"], "p90": ages["p90"]}
        )
    return Tile(
        name=str(BACKLOG.name),
        question=str(BACKLOG.question),
        value=words.whole(backlog.cases),
        url=choice.cases_url(BACKLOG),
        about=about,
    )
