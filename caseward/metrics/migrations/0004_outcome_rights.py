"""Figures are for in-house staff: a vendor's staff have no right to their tables at all."""

from django.db import migrations

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON metrics_outcome, metrics_daily, metrics_target TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("metrics", "0003_outcomes"), ("org", "0002_rights")]

    operations = [migrations.RunSQL(RIGHTS, migrations.RunSQL.noop)]
