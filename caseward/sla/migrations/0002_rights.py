"""Everybody who signs in may read it, in-house staff may change it; changes move the revision."""

from django.db import migrations

from caseward.org.migrating import moves_revision

TABLES = ["sla_promise", ]

RIGHTS = """
GRANT SELECT ON sla_promise TO cw_staff, cw_vendor;
GRANT INSERT, UPDATE, DELETE ON sla_promise TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0001_initial"), ("org", "0003_revision")]

    operations = [
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        *(moves_revision(name) for name in TABLES),
    ]
