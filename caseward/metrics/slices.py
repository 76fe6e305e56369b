"""Which part of the operation, and which days, a figure is about."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from caseward.metrics.definitions import METRICS


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Days `[starts_on, ends_before)` of some sites, vendors, teams and LOBs; None means all."""

    starts_on: date
    ends_before: date
    site_ids: frozenset[int] | None = None
    vendor_ids: frozenset[int] | None = None
    team_ids: frozenset[int] | None = None
    lob_ids: frozenset[int] | None = None

    def part(self) -> Q:
        """Return the condition on whose work it is."""
        chosen = {
            "site_id__in": self.site_ids,
            "vendor_id__in": self.vendor_ids,
            "team_id__in": self.team_ids,
            "lob_id__in": self.lob_ids,
        }
        return Q(**{name: ids for name, ids in chosen.items() if ids is not None})

    def days(self) -> Q:
        return Q(day__gte=self.starts_on, day__lt=self.ends_before)

    def earlier(self, days: int) -> "Slice":
        """Return the same part of the operation, that many days before."""
        span = timedelta(days=days)
        return self.between(self.starts_on - span, self.ends_before - span)

    def between(self, starts_on: date, ends_before: date) -> "Slice":
        return Slice(
            starts_on=starts_on,
            ends_before=ends_before,
            site_ids=self.site_ids,
            vendor_ids=self.vendor_ids,
            team_ids=self.team_ids,
            lob_ids=self.lob_ids,
        )


def mature(today: date) -> Q:
    """Return the condition that leaves out days some metrics cannot know yet."""
    condition = Q()
    for metric in METRICS.values():
        if metric.matures_after:
            final = today - timedelta(days=metric.matures_after)
            condition &= ~Q(metric=metric.key, day__gte=final)
    return condition
