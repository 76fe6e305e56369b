"""In-house staff read and change legal presets; versions and decided changes stay as they are."""

from django.db import migrations

from caseward.org.migrating import moves_revision

RIGHTS = """
GRANT SELECT, INSERT ON policy_legalversion TO cw_staff;
GRANT SELECT, INSERT, UPDATE ON policy_legalpreset, policy_legalchange TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;
"""
UNDO = """
REVOKE ALL ON policy_legalversion, policy_legalpreset, policy_legalchange FROM cw_staff;
"""
TABLES = ["policy_legalpreset", "policy_legalversion"]


class Migration(migrations.Migration):
    dependencies = [("policy", "0007_legal_presets")]

    operations = [
        migrations.RunSQL(RIGHTS, UNDO),
        *(moves_revision(name) for name in TABLES),
    ]
