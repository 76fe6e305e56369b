"""Weights of the soft order, and rule sets that say how much people hold and what is held back."""

from django.db import migrations, models

from caseward.org.migrating import moves_revision

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON routing_weight TO cw_staff;
GRANT SELECT ON routing_weight TO cw_vendor;
GRANT USAGE ON SEQUENCE routing_weight_id_seq TO cw_staff;
"""

# What a set did not speak of was as it is now: no page could change it before.
FILL = """
WITH now_in_force AS (
    SELECT jsonb_build_object(
        'rooms', COALESCE((SELECT jsonb_object_agg(channel, jsonb_build_array(units, at_most))
                           FROM routing_capacity), '{}'),
        'hold_back', COALESCE((SELECT jsonb_object_agg(queue_id::text, minutes)
                               FROM routing_holdback), '{}'),
        'weights', '{"priority": 15.0, "age": 1.0, "continuity": 20.0, "load": 1.0,
                     "practice": 15.0, "scarcity": 4.0}'::jsonb
    ) AS rules
)
UPDATE routing_ruleset SET base = rules || base, content = rules || content FROM now_in_force;
"""
EMPTY = """
UPDATE routing_ruleset SET
    base = base - ARRAY['rooms', 'hold_back', 'weights'],
    content = content - ARRAY['rooms', 'hold_back', 'weights'];
"""


class Migration(migrations.Migration):
    dependencies = [("routing", "0010_share_owed")]

    operations = [
        migrations.CreateModel(
            name="Weight",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True)),
                ("minutes", models.FloatField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("minutes__gte", 0), ("minutes__lte", 1440)),
                        name="weight_is_some_minutes_of_a_day",
                    )
                ],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        moves_revision("routing_weight"),
        migrations.RunSQL(FILL, EMPTY),
    ]
