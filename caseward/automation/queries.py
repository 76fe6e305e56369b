"""Questions about rules: what each did lately."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from caseward.automation.models import RuleRun


@dataclass(frozen=True, slots=True)
class Doings:
    """What a rule did since some moment."""

    done: int = 0
    cases: int = 0
    failed: int = 0
    undone: int = 0
    last_at: datetime | None = None


def doings_of(rule_ids: Iterable[int], *, since: datetime) -> dict[int, Doings]:
    """Return what rules did since then; a rule that did nothing is not in it."""
    done = Q(state=RuleRun.State.DONE)
    rows = (
        RuleRun.objects.filter(rule_id__in=list(rule_ids), ran_at__gte=since)
        .values_list("rule_id")
        .annotate(
            done=Count("pk", filter=done),
            cases=Count("case", distinct=True, filter=done),
            failed=Count("pk", filter=Q(state=RuleRun.State.FAILED)),
            undone=Count("pk", filter=Q(state=RuleRun.State.UNDONE)),
            last_at=Max("ran_at", filter=done),
        )
    )
    return {row[0]: Doings(*row[1:]) for row in rows}
