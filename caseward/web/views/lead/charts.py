"""Week by week: lines with their intervals and targets, and the same numbers as tables."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.utils.translation import gettext as _

from caseward.metrics.definitions import (
    BACKLOG,
    CASES_IN,
    CASES_OUT,
    CSAT,
    ESCALATION_RATE,
    FIRST_RESPONSE,
    METRICS,
    RESOLUTION,
    RESPONSE_RATE,
    VERDICTS,
    Metric,
)
from caseward.metrics.queries import Backlog, Figures
from caseward.web.views.lead import words
from caseward.web.views.lead.choice import Choice

type Weeks = Mapping[date, Figures]
type Cell = dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A chart and its table; `data` is what `charts.js` reads."""

    id: str
    title: str
    question: str
    data: dict[str, Any]
    legend: list[tuple[str, str]]
    columns: list[str]
    table: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    label: str
    text: str
    share: float
    tone: str
    url: str


def charts(
    choice: Choice, weeks: Weeks, ends: Mapping[date, int], targets: Mapping[str, float]
) -> list[Chart]:
    return [
        _shares("csat", [CSAT], choice, weeks, targets),
        _shares("response", [RESPONSE_RATE], choice, weeks, targets),
        _shares("promises", [FIRST_RESPONSE, RESOLUTION], choice, weeks, targets),
        _flow(choice, weeks),
        _backlog(choice, weeks, ends),
        _shares("escalations", [ESCALATION_RATE], choice, weeks, targets),
    ]


def _shares(
    key: str, metrics: list[Metric], choice: Choice, weeks: Weeks, targets: Mapping[str, float]
) -> Chart:
    promised = {targets[metric.key] for metric in metrics if metric.key in targets}
    target = promised.pop() if len(promised) == 1 else None
    names = [str(metric.name) for metric in metrics]
    legend = [(str(n), name) for n, name in enumerate(names, 1)] + [("band", _("95 % interval"))]
    if target is not None:
        legend.append(("target", _("Target %(target)s") % {"target": words.target(target)}))
    series = [_share_series(metric, choice, weeks) for metric in metrics]
    return Chart(
        id=f"chart-{key}",
        title=_("Answers within promise") if len(metrics) > 1 else names[0],
        question=_question(str(metrics[0].question), choice),
        data=_data("share", weeks, series, target),
        legend=legend,
        columns=names,
        table=_table(choice, weeks, metrics, _share_cell),
    )


def _share_series(metric: Metric, choice: Choice, weeks: Weeks) -> dict[str, Any]:
    figures = [weeks[week][metric.key] for week in weeks]
    intervals = [figure.interval for figure in figures]
    return {
        "label": str(metric.name),
        "values": [figure.share if figure.has_point else None for figure in figures],
        "low": [interval.low if interval else None for interval in intervals],
        "high": [interval.high if interval else None for interval in intervals],
        "n": [figure.out_of for figure in figures],
        "links": [choice.of_week(week).cases_url(metric) for week in weeks],
    }


def _share_cell(choice: Choice, week: date, figures: Figures, metric: Metric) -> Cell:
    figure = figures[metric.key]
    text = f"{words.value(figure)} % (n {words.whole(figure.out_of)})" if figure.out_of else "–"
    return {"text": text, "url": choice.of_week(week).cases_url(metric) if figure.out_of else ""}


def _flow(choice: Choice, weeks: Weeks) -> Chart:
    metrics = [CASES_IN, CASES_OUT]
    names = [str(metric.name) for metric in metrics]
    series = [
        {
            "label": str(metric.name),
            "values": [weeks[week][metric.key].counted for week in weeks],
            "links": [choice.of_week(week).cases_url(metric) for week in weeks],
        }
        for metric in metrics
    ]
    return Chart(
        id="chart-flow",
        title=_("Cases in and out"),
        question=_question(_("Do we finish as much as comes in?"), choice),
        data=_data("cases", weeks, series, None),
        legend=[(str(n), name) for n, name in enumerate(names, 1)],
        columns=names,
        table=_table(choice, weeks, metrics, _count_cell),
    )


def _count_cell(choice: Choice, week: date, figures: Figures, metric: Metric) -> Cell:
    url = choice.of_week(week).cases_url(metric)
    return {"text": words.whole(figures[metric.key].counted), "url": url}


def _backlog(choice: Choice, weeks: Weeks, ends: Mapping[date, int]) -> Chart:
    def cell(choice: Choice, week: date, figures: Figures, metric: Metric) -> Cell:
        is_now = week == max(weeks) and choice.until == choice.today
        return {"text": words.whole(ends[week]), "url": choice.cases_url(metric) if is_now else ""}

    values = [ends[week] for week in weeks]
    return Chart(
        id="chart-backlog",
        title=_("Backlog at the end of the week"),
        question=_question(str(BACKLOG.question), choice),
        data=_data("cases", weeks, [{"label": str(BACKLOG.name), "values": values}], None),
        legend=[("1", str(BACKLOG.name))],
        columns=[str(BACKLOG.name)],
        table=_table(choice, weeks, [BACKLOG], cell),
    )


def _question(question: str, choice: Choice) -> str:
    if choice.until == choice.today and choice.today.weekday() < 6:
        return _("%(question)s The last week is still running.") % {"question": question}
    return question


def _data(
    unit: str, weeks: Weeks, series: list[dict[str, Any]], target: float | None
) -> dict[str, Any]:
    times = [int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) for day in weeks]
    return {"unit": unit, "times": times, "target": target, "series": series}


def _table(
    choice: Choice,
    weeks: Weeks,
    metrics: list[Metric],
    cell: Callable[[Choice, date, Figures, Metric], Cell],
) -> list[dict[str, Any]]:
    return [
        {
            "week": words.week(week),
            "cells": [cell(choice, week, figures, metric) for metric in metrics],
        }
        for week, figures in weeks.items()
    ]


def age_bars(choice: Choice, backlog: Backlog) -> list[Bar]:
    tones = ("", "", "", "warn", "danger")
    longest = max(backlog.by_age.values()) or 1
    return [
        Bar(
            label=label,
            text=words.whole(backlog.by_age[key]),
            share=round(backlog.by_age[key] / longest, 3),
            tone=tone,
            url=choice.cases_url(BACKLOG, age=key),
        )
        for (key, label), tone in zip(words.ages().items(), tones, strict=True)
    ]


def verdict_bars(choice: Choice, figures: Figures) -> list[Bar]:
    parts = figures[VERDICTS.key].parts
    tones = {"AVOIDABLE": "warn", "WRONG_LOB": "warn"}
    raised = sum(parts.values()) or 1
    return [
        Bar(
            label=str(label),
            text=words.whole(parts.get(part, 0)),
            share=round(parts.get(part, 0) / raised, 3),
            tone=tones.get(part, ""),
            url=choice.cases_url(METRICS[VERDICTS.key], part=part),
        )
        for part, label in VERDICTS.parts.items()
    ]
