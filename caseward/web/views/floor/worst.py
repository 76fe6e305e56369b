"""Cases about to miss what was promised, as rows with what one can do at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from caseward.casework.floor.cases import RiskyCase
from caseward.casework.floor.people import workers_by_id
from caseward.policy import queries as policy
from caseward.routing import queries as routing
from caseward.web.languages import named
from caseward.web.look import PRIORITY_CODES, PRIORITY_LABELS, brief
from caseward.web.views.floor.queues import queue_name


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstRow:
    reference: str
    url: str
    title: str
    about: str
    state: str
    due: str
    due_at: str
    who: str
    priority: str
    priority_label: str
    give_url: str
    back_url: str


def worst_rows(cases: Sequence[RiskyCase], now: datetime) -> list[WorstRow]:
    return [_row(case, now) for case in cases]


def _row(case: RiskyCase, now: datetime) -> WorstRow:
    reason, queue = policy.reasons().get(case.reason_id or 0), routing.queues()[case.queue_id]
    worker = workers_by_id().get(case.assignee_id or 0)
    parts = [named(reason) if reason else "", queue_name(queue)]
    seen = f"?seen={case.version}"
    back = reverse("floor-put-back", args=[case.reference]) + seen if case.assignee_id else ""
    return WorstRow(
        reference=case.reference,
        url=reverse("case", args=[case.reference]),
        title=case.title,
        about=" · ".join(part for part in parts if part),
        state="MISSED" if case.due_at <= now else "AT_RISK",
        due=brief(case.due_at - now),
        due_at=case.due_at.isoformat(),
        who=worker.name if worker else "",
        priority=PRIORITY_CODES[case.priority],
        priority_label=str(PRIORITY_LABELS[case.priority]),
        give_url=reverse("floor-give", args=[case.reference]) + seen,
        back_url=back,
    )
