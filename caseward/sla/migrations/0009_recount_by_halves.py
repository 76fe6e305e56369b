"""Even cases and odd ones are recounted beside each other; a recount under way goes on as two."""

from django.db import migrations, models

COLUMNS = "facts, changed, started_at, after_id, busy_ids, looked_at, moved, finished_at"
SPLIT = f"""
INSERT INTO sla_recount (half, {COLUMNS})
SELECT 1, facts, changed, started_at, after_id, busy_ids, 0, 0, finished_at
FROM sla_recount ORDER BY id DESC LIMIT 1
"""  # noqa: S608 - constants
# What one half has still to do, both do again: a second time changes nothing.
JOIN = """
UPDATE sla_recount SET after_id = 0, finished_at = NULL WHERE id = (
    SELECT max(id) FROM sla_recount WHERE half = 0
) AND EXISTS (SELECT FROM sla_recount WHERE half = 1 AND finished_at IS NULL);
DELETE FROM sla_recount WHERE half = 1;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0008_misses_forgiven")]

    operations = [
        migrations.AddField(
            "recount", "half", models.PositiveSmallIntegerField(default=0, db_default=0)
        ),
        migrations.RemoveConstraint("recount", "recount_one_at_a_time"),
        migrations.AddConstraint(
            "recount",
            models.UniqueConstraint(
                condition=models.Q(finished_at__isnull=True),
                fields=["half", "finished_at"],
                name="recount_one_at_a_time",
                nulls_distinct=False,
            ),
        ),
        migrations.RunSQL(SPLIT, JOIN),
    ]
