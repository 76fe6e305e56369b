"""Figures are for in-house staff."""

from django.db import migrations

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON metrics_casefact, metrics_freshness TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;
INSERT INTO metrics_freshness (id, last_event_id) VALUES (1, 0);
"""


class Migration(migrations.Migration):
    dependencies = [("metrics", "0001_initial"), ("org", "0002_rights")]

    operations = [migrations.RunSQL(RIGHTS, "DELETE FROM metrics_freshness")]
