"""What people have in hand and how severe it is: only Caseward itself reads it.

A view of the cases and not a copy, so that no verb can forget to keep it.
"""

from django.db import migrations

IN_HAND = """
CREATE VIEW wellbeing.in_hand AS
    SELECT c.id AS case_id, c.assignee_id AS staff_id, r.severity, r.category
    FROM casework_case c JOIN policy_reason r ON r.id = c.reason_id
    WHERE c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED') AND c.assignee_id IS NOT NULL
        AND r.severity > 0;
GRANT SELECT ON wellbeing.in_hand TO cw_system;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("wellbeing", "0003_functions"),
        ("casework", "0006_fewer_indexes"),
        ("policy", "0003_to_route_by"),
    ]

    operations = [migrations.RunSQL(IN_HAND, "DROP VIEW wellbeing.in_hand")]
