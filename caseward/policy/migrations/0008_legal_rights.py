"""In-house staff read and change legal presets; versions and decided changes stay as they are."""

from django.db import migrations

RIGHTS = """
GRANT SELECT, INSERT ON policy_legalversion TO cw_staff;
GRANT SELECT, INSERT, UPDATE ON policy_legalpreset, policy_legalchange TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;
"""
UNDO = """
REVOKE ALL ON policy_legalversion, policy_legalpreset, policy_legalchange FROM cw_staff;
"""
TABLES = ["policy_legalpreset", "policy_legalversion"]


def moves_revision(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"CREATE TRIGGER moves_revision AFTER INSERT OR DELETE OR UPDATE ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION org_revision_move()",
        f"DROP TRIGGER moves_revision ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("policy", "0007_legal_presets")]

    operations = [
        migrations.RunSQL(RIGHTS, UNDO),
        *(moves_revision(name) for name in TABLES),
    ]
