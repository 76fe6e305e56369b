"""Everybody who signs in may read it, in-house staff may change it; changes move the revision."""

from django.db import migrations

from caseward.org.migrating import moves_revision

TABLES = ["policy_reason", "policy_disposition", "policy_macro", ]

RIGHTS = """
GRANT SELECT ON policy_reason, policy_disposition, policy_macro TO cw_staff, cw_vendor;
GRANT INSERT, UPDATE, DELETE ON policy_reason, policy_disposition, policy_macro TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial"), ("org", "0003_revision")]

    operations = [
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        *(moves_revision(name) for name in TABLES),
    ]
