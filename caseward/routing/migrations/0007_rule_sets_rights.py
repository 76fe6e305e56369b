"""Rules of routing are for in-house staff alone."""

from django.db import migrations

TABLES = ["routing_ruleset", "routing_ruletrial", "routing_triedcase"]

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO cw_staff;
GRANT USAGE ON SEQUENCE {table}_id_seq TO cw_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("routing", "0006_rule_sets")]

    operations = [
        migrations.RunSQL(RIGHTS.format(table=table), migrations.RunSQL.noop) for table in TABLES
    ]
