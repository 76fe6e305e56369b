"""In words: how the backlog flows, when it is cleared, what more hours of work would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caseward.core.backlog import Clearing, Flow, backlog_after, days_to_clear, extra_needed, flow
from caseward.metrics.flow import Pace, Period
from caseward.web.views.lead import words
from caseward.web.views.lead.backlog.asked import Asked

FEWEST_DAYS = 3
DRAWN_DAYS = 28
FEWEST_HOURS = 8  # of work, before a pace is believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """What is said of the future; `why_not` where nothing can be."""

    why_not: str = ""
    rate: str = ""
    as_it_is: str = ""
    with_hours: str = ""
    needed: str = ""
    pace: str = ""
    flow: Flow | None = None


def project(
    asked: Asked, *, backlog: int, days: Sequence[Period], pace: Pace, now: datetime
) -> Projection:
    """Say when a backlog is cleared at the rates of some whole days."""
    if not backlog:
        return Projection(why_not=_("Nothing waits: there is nothing to clear."))
    if len(days) < FEWEST_DAYS:
        return Projection(why_not=_few(len(days)))
    as_it_is = _flow(days)
    extra = asked.hours * (pace.per_hour or 0.0)
    quicker = _flow(days, extra)
    return Projection(
        rate=_rate(days, as_it_is),
        as_it_is=clearing_words(days_to_clear(as_it_is, backlog=backlog), now),
        with_hours=_with_hours(asked, pace, quicker, backlog, now),
        needed=_needed(asked, as_it_is, pace, backlog, now),
        pace=_pace(pace),
        flow=quicker,
    )


def _flow(days: Sequence[Period], extra: float = 0.0) -> Flow:
    return flow(
        arrivals=[day.came for day in days],
        completions=[day.went for day in days],
        extra_completions=extra,
    )


def _few(days: int) -> str:
    return ngettext(
        "When it is cleared cannot be said yet: figures know %(days)d whole day, and three are"
        " the least.",
        "When it is cleared cannot be said yet: figures know %(days)d whole days, and three are"
        " the least.",
        days,
    ) % {"days": days}


def _rate(days: Sequence[Period], found: Flow) -> str:
    came, went = sum(day.came for day in days), sum(day.went for day in days)
    slowest, quickest = found.rates()
    said = {
        "came": number(came / len(days)),
        "went": number(went / len(days)),
        "days": len(days),
        "slowest": number(abs(slowest)),
        "quickest": number(abs(quickest)),
    }
    brought = _("A day of the last %(days)d brought %(came)s cases and finished %(went)s.") % said
    if slowest > 0:
        sinks = _("The backlog sinks by %(slowest)s to %(quickest)s a day.")
    elif quickest <= 0:
        sinks = _("The backlog grows by %(quickest)s to %(slowest)s a day.")
    else:
        sinks = _(
            "As much as that varies, it sinks by up to %(quickest)s a day or grows by up"
            " to %(slowest)s."
        )
    return f"{brought} {sinks % said}"


def clearing_words(found: Clearing, now: datetime) -> str:
    """Say plainly when a backlog is cleared, or that it is not."""
    if found.middle is None and found.low is None:
        return _("It does not clear at this rate.")
    said = {
        "low": _day(found.low, now),
        "middle": _day(found.middle, now),
        "high": _day(found.high, now),
        "chance": words.percent(found.chance),
    }
    if found.middle is None:
        return (
            _(
                "It does not clear at this rate, as far as these days tell. Luck could clear it by"
                " %(low)s; the chance that a year is enough is %(chance)s %%."
            )
            % said
        )
    if found.high is None:
        return (
            _(
                "No day can be named for when it clears. With luck it does by %(low)s; the chance"
                " that a year is enough is %(chance)s %%."
            )
            % said
        )
    return _("It clears around %(middle)s; eight times of ten between %(low)s and %(high)s.") % said


def _day(days: float | None, now: datetime) -> str:
    if days is None:
        return ""
    at = timezone.localtime(now + timedelta(days=days))
    return str(date_format(at, _("D j M Y")))


def _with_hours(asked: Asked, pace: Pace, quicker: Flow, backlog: int, now: datetime) -> str:
    if not asked.hours or pace.agent_hours < FEWEST_HOURS:
        return ""
    more = asked.hours * (pace.per_hour or 0.0)
    said = ngettext(
        "%(hours)d more agent-hour a day finishes about %(more)s more cases.",
        "%(hours)d more agent-hours a day finish about %(more)s more cases.",
        asked.hours,
    ) % {"hours": asked.hours, "more": number(more)}
    clearing = clearing_words(days_to_clear(quicker, backlog=backlog), now)
    return f"{said} {clearing}"


def _needed(asked: Asked, found: Flow, pace: Pace, backlog: int, now: datetime) -> str:
    if asked.clear_by is None or pace.agent_hours < FEWEST_HOURS or not pace.per_hour:
        return ""
    days = _days_until(asked, now)
    day = words.day(asked.clear_by)
    if days <= 0:
        return _("%(day)s is over. Choose a day to come.") % {"day": day}
    hours = extra_needed(found, backlog=backlog, days=days) / pace.per_hour
    if not hours:
        return _("To be clear by the end of %(day)s nine times of ten needs no more hours.") % {
            "day": day
        }
    return _(
        "To be clear by the end of %(day)s nine times of ten needs %(hours)s more agent-hours a"
        " day."
    ) % {"day": day, "hours": number(hours)}


def _days_until(asked: Asked, now: datetime) -> float:
    today = timezone.localtime(now)
    midnight = today.replace(hour=0, minute=0, second=0, microsecond=0)
    whole = 0 if asked.clear_by is None else (asked.clear_by - today.date()).days + 1
    return whole - (today - midnight) / timedelta(days=1)


def _pace(pace: Pace) -> str:
    if pace.agent_hours < FEWEST_HOURS:
        return _(
            "What more hours would do cannot be said yet: fewer than eight hours of work are known."
        )
    return _(
        "Measured: %(completions)s cases finished in %(hours)s hours in which somebody answered or"
        " resolved, which is %(pace)s an hour, in the last two weeks."
    ) % {
        "completions": words.whole(pace.completions),
        "hours": words.whole(pace.agent_hours),
        "pace": number(pace.per_hour or 0.0, decimals=2),
    }


def number(value: float, *, decimals: int = 1) -> str:
    rounded = round(value, decimals)
    decimals = 0 if rounded.is_integer() else decimals
    return str(number_format(rounded, decimal_pos=decimals, use_l10n=True, force_grouping=True))


def drawn(backlog: int, days: Sequence[Period], found: Flow | None) -> dict[str, Any]:
    """Return the backlog of past days and of days to come, as `charts.js` reads it."""
    ends, left = [float(backlog)], backlog
    for day in reversed(days):
        ends.insert(0, left)
        left += day.went - day.came
    today = days[-1].starts_at + timedelta(days=1)
    past = [today - timedelta(days=n) for n in reversed(range(len(ends)))]
    ahead = [(today + timedelta(days=n), n) for n in range(1, DRAWN_DAYS + 1)] if found else []
    spans = [backlog_after(found, backlog=backlog, days=n) for _at, n in ahead] if found else []
    times = [_utc_day(at) for at in [*past, *(at for at, _n in ahead)]]
    return {"unit": "cases", "times": times, "target": None, "series": _series(ends, spans)}


def _utc_day(at: datetime) -> int:
    return int(at.replace(tzinfo=timezone.get_fixed_timezone(0)).timestamp())


def _series(
    ends: Sequence[float], spans: Sequence[tuple[float, float, float]]
) -> list[dict[str, Any]]:
    unknown, before = [None] * len(spans), [None] * (len(ends) - 1)
    past = {"label": _("Backlog"), "values": [*ends, *unknown]}
    if not spans:
        return [past]
    here = ends[-1]
    low, middle, high = (
        [*before, here, *(round(span[nth], 1) for span in spans)] for nth in range(3)
    )
    return [past, {"label": _("Projected"), "values": middle, "low": low, "high": high}]
