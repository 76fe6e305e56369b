"""What came of macros: how often they were used, how far edited, and what requesters thought."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from caseward.casework.models import MacroUse
from caseward.core.intervals import Interval, wilson_interval

EDITED_FROM = 0.05  # of the words; less is a name or a comma
SATISFIED_FROM = 4


@dataclass(frozen=True, slots=True)
class MacroFigures:
    """Counts of uses, and of surveys of the cases it was used on; shares come with intervals."""

    uses: int = 0
    edited: int = 0
    rated: int = 0
    satisfied: int = 0

    @property
    def edited_share(self) -> float | None:
        return self.edited / self.uses if self.uses else None

    @property
    def edited_interval(self) -> Interval | None:
        return _interval(self.edited, self.uses)

    @property
    def csat(self) -> float | None:
        return self.satisfied / self.rated if self.rated else None

    @property
    def csat_interval(self) -> Interval | None:
        return _interval(self.satisfied, self.rated)


def _interval(successes: int, trials: int) -> Interval | None:
    return wilson_interval(successes=successes, trials=trials) if trials else None


def figures_by_macro(macro_ids: Iterable[int], *, since: datetime) -> dict[int, MacroFigures]:
    """Return what came of macros since then, all their versions together."""
    return _figures("version__macro_id", macro_ids, since)


def figures_by_version(version_ids: Iterable[int], *, since: datetime) -> dict[int, MacroFigures]:
    """Return what came of single versions since then."""
    return _figures("version_id", version_ids, since)


def _figures(of: str, ids: Iterable[int], since: datetime) -> dict[int, MacroFigures]:
    rating = "case__survey__rating"
    rows = (
        MacroUse.objects.filter(**{f"{of}__in": list(ids)}, at__gte=since)
        .values_list(of)
        .annotate(
            uses=Count("pk"),
            edited=Count("pk", filter=Q(edited_share__gte=EDITED_FROM)),
            rated=Count("case", distinct=True, filter=Q(**{f"{rating}__isnull": False})),
            satisfied=Count("case", distinct=True, filter=Q(**{f"{rating}__gte": SATISFIED_FROM})),
        )
    )
    return {row[0]: MacroFigures(*row[1:]) for row in rows}
