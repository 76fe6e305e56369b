"""What people met in the last days, kept as their screens would have; one shortage that ended.

Only rows about harmful cases are written, and each is seen by the person it is about alone.
"""

from datetime import timedelta

from django.db import connections

from caseward.casework.models import CapacityIncident, Case
from caseward.core.exposure.left import Because
from caseward.jobs.demo.scenes.stage import Stage

DAYS = 9
# Somebody who took a case looked at it for two to nine minutes, the same ones each time.
MET = """
    INSERT INTO wellbeing.exposure (staff_id, case_id, category, severity, modality, source,
        weight, cap_minutes, shift_on, began_at, ended_at, seconds)
    SELECT (e.data->>'to_id')::bigint, e.case_id, r.category, r.severity, 'TEXT', 'HELD',
        (ARRAY[0, 0, 0.25, 1, 1])[r.severity + 1], 120,
        (e.at AT TIME ZONE s.timezone)::date, e.at, e.at + took.span,
        extract(epoch FROM took.span)
    FROM ledger_event e
    JOIN casework_case c ON c.id = e.case_id
    JOIN policy_reason r ON r.id = c.reason_id
    JOIN org_staffmember p ON p.id = (e.data->>'to_id')::bigint
    JOIN org_site s ON s.id = p.site_id
    CROSS JOIN LATERAL (SELECT (120 + e.case_id %% 7 * 60) * interval '1 second' AS span) took
    WHERE e.kind = 'case.assigned' AND e.at > %s AND e.at + took.span <= %s AND r.severity > 0
"""


def play(stage: Stage) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(MET, [stage.ago(days=DAYS), stage.now])
    _shortage(stage)


def _shortage(stage: Stage) -> None:
    """Two nights ago nobody was left for one kind of case, until the early shift came."""
    case = Case.objects.filter(reason__severity=4, tier=1).select_related("reason").order_by("-pk")
    for worst in case[:1]:
        assert worst.reason is not None
        opened_at = stage.ago(days=2, hours=3)
        CapacityIncident.objects.create(
            queue_id=worst.queue_id,
            severity=worst.reason.severity,
            category=worst.reason.category,
            case=worst,
            cases=3,
            at_work=2,
            caps=[str(Because.COOLDOWN), str(Because.SHIFT)],
            due_at=opened_at + timedelta(minutes=45),
            free_at=opened_at + timedelta(minutes=15),
            opened_at=opened_at,
            ended_at=opened_at + timedelta(minutes=22),
        )
