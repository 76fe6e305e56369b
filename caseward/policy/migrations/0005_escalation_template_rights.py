"""Everybody who signs in reads the templates of escalations, in-house staff change them."""

from django.db import migrations

RIGHTS = """
GRANT SELECT ON policy_escalationtemplate TO cw_staff, cw_vendor;
GRANT INSERT, UPDATE, DELETE ON policy_escalationtemplate TO cw_staff;
GRANT USAGE ON SEQUENCE policy_escalationtemplate_id_seq TO cw_staff;
CREATE TRIGGER moves_revision AFTER INSERT OR DELETE OR UPDATE ON policy_escalationtemplate
    FOR EACH STATEMENT EXECUTE FUNCTION org_revision_move();
"""

UNDO = "DROP TRIGGER moves_revision ON policy_escalationtemplate"


class Migration(migrations.Migration):
    dependencies = [("policy", "0004_escalation_kinds")]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
