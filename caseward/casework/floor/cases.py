"""The cases about to miss their promise, then those that did, each worst first."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from django.db import connection

from caseward.casework.floor.people import Scope
from caseward.casework.floor.reading import Facts, Risk

WORST = 12
LATE = 4  # so many of them at least are late ones, where there are any

DETAILS = """
    SELECT c.id, c.reference, c.title, c.priority, c.status, c.queue_id, c.assignee_id, c.reason_id,
        (SELECT max(e.seq) FROM ledger_event e WHERE e.case_id = c.id)
    FROM casework_case c WHERE c.id = ANY(%s) AND c.status NOT IN ('RESOLVED', 'CLOSED')
"""


class RiskyCase(NamedTuple):
    """A case that is late or soon will be; `version` is its last event, for the write check."""

    due_at: datetime
    reference: str
    title: str
    priority: int
    status: str
    queue_id: int
    assignee_id: int | None
    reason_id: int | None
    version: int


def worst_cases(facts: Facts, scope: Scope) -> list[RiskyCase]:
    """Return the cases of a part of the floor that need somebody first."""
    worst = _worst(facts, scope)
    with connection.cursor() as cursor:
        cursor.execute(DETAILS, [[risk.id for risk in worst]])
        found = {row[0]: row[1:] for row in cursor}
    return [RiskyCase(_due(risk), *found[risk.id]) for risk in worst if risk.id in found]


def _worst(facts: Facts, scope: Scope) -> Sequence[Risk]:
    queues = {queue.pk for queue in scope.queues()}
    people = {worker.id for worker in scope.people()}
    narrowed = scope.team_id is not None or scope.site_id is not None
    mine = [
        risk
        for risk in facts.at_risk
        if risk.queue_id in queues
        and (not narrowed or risk.assignee_id is None or risk.assignee_id in people)
    ]
    late = [risk for risk in mine if _due(risk) <= facts.at]
    still_to_be_kept = mine[len(late) :][: WORST - min(len(late), LATE)]
    return [*still_to_be_kept, *late[: WORST - len(still_to_be_kept)]]


def _due(risk: Risk) -> datetime:
    return datetime.fromtimestamp(risk.urgency // 10, UTC)
