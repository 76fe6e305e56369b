"""Numbers as a reader sees them: grouped, in percent, with their interval said in words."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caseward.metrics.figures import Figure
from caseward.metrics.models import Freshness
from caseward.metrics.queries import AGE_KEYS
from caseward.web.look import brief


def whole(number: int) -> str:
    return str(number_format(number, decimal_pos=0, use_l10n=True, force_grouping=True))


def percent(share: float) -> str:
    return _number(100 * share, decimals=1)


def target(value: float) -> str:
    decimals = 0 if round(100 * value, 1).is_integer() else 1
    return f"{_number(100 * value, decimals=decimals)} %"


def _number(value: float, *, decimals: int = 0) -> str:
    rounded = round(value, decimals)  # `number_format` cuts digits off
    return str(number_format(rounded, decimal_pos=decimals, use_l10n=True))


def value(figure: Figure) -> str:
    """Say a share as a point where the sample carries one, else as its interval."""
    interval = figure.interval
    if interval is None or figure.share is None:
        return "–"
    if figure.has_point:
        return percent(figure.share)
    return f"{_number(100 * interval.low)}–{_number(100 * interval.high)}"


def interval(figure: Figure) -> str:
    if figure.interval is None:
        return _("Nothing to divide by yet.")
    words = {
        "n": whole(figure.out_of),
        "low": percent(figure.interval.low),
        "high": percent(figure.interval.high),
    }
    if not figure.has_point:
        return _("n %(n)s: too few for one number, so the 95 %% interval alone.") % words
    return _("%(low)s–%(high)s %% (95 %%), n %(n)s.") % words


def change(points: float) -> str:
    return _("%(points)s points") % {"points": f"{100 * points:+.1f}".replace("-", "\u2212")}


def before(weeks: int) -> str:
    return ngettext("the week before", "the %(n)d weeks before", weeks) % {"n": weeks}


def week(monday: date) -> str:
    return str(date_format(monday, _("j M")))


def moment(at: datetime, zone: str) -> str:
    return str(date_format(at.astimezone(ZoneInfo(zone)), _("j M Y, H:i")))


def age(opened_at: datetime | None, now: datetime) -> str:
    return brief(now - opened_at) if opened_at else brief(timedelta())


def freshness(fresh: Freshness) -> str:
    if fresh.filled_at is None:
        return _("Not filled yet. Days are those of %(zone)s.") % {"zone": fresh.zone}
    filled = moment(fresh.filled_at, fresh.zone)
    words = {"filled": filled, "zone": fresh.zone}
    return _("Filled until %(filled)s. Times and days are those of %(zone)s.") % words


def day(on: date) -> str:
    return str(date_format(on, _("j M Y")))


def ages() -> dict[str, str]:
    """Return how long cases of each part of the backlog have been open, youngest first."""
    labels = (
        _("Less than a day"),
        _("1 to 3 days"),
        _("3 to 7 days"),
        _("7 to 14 days"),
        _("14 days and more"),
    )
    return dict(zip(AGE_KEYS, labels, strict=True))
