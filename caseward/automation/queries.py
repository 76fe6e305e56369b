"""Questions about rules: what each did lately, and which words of it count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Max, Q

from caseward.automation.models import Rule, RuleRun, RuleVersion


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


def as_written(versions: Sequence[RuleVersion]) -> RuleVersion | None:
    """Return the version that says what a rule is: the newest that was on, or came with files.

    A draft somebody is writing on screen is none, unless there is no other.
    """
    settled = [version for version in versions if version.turned_on_at or version.author_id is None]
    return max(settled or versions, key=lambda version: version.number, default=None)


def rules_as_written() -> list[RuleVersion]:
    """Return what each rule in use is, as the files of an operation have it."""
    rules = Rule.objects.filter(is_active=True).exclude(lob__is_active=False)
    rules = rules.prefetch_related("versions__rule__lob")
    found = [as_written(list(rule.versions.all())) for rule in rules.order_by("pk")]
    return [version for version in found if version is not None]
