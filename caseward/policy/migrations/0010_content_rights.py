"""What a vendor's staff may read of macros and playbooks is what is released; they write nothing.

The macros there are become released first versions.
"""

from django.db import migrations

VERSIONS = ["policy_macroversion", "policy_playbookversion"]
OPEN = ["policy_playbook", "policy_crisisresource"]

FOR_ALL = """
GRANT SELECT ON {table} TO cw_staff, cw_vendor;
GRANT INSERT, UPDATE, DELETE ON {table} TO cw_staff;
GRANT USAGE ON SEQUENCE {table}_id_seq TO cw_staff;
CREATE TRIGGER moves_revision AFTER INSERT OR DELETE OR UPDATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION org_revision_move();
"""

RELEASED_ONLY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON {table} TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY vendor_reads ON {table} FOR SELECT TO cw_vendor
    USING (state = 'RELEASED' AND current_setting('app.vendor', true) <> '');
"""

UNDO = "DROP TRIGGER moves_revision ON {table}"

UNDO_RELEASED_ONLY = """
DROP POLICY vendor_reads ON {table};
DROP POLICY everything ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""

FIRST_VERSIONS = """
INSERT INTO policy_macroversion (macro_id, number, state, note, title, texts, actions, conditions,
    is_safe_when_locked, released_at)
SELECT id, 1, 'RELEASED', '', title, texts, '{}', '{}', false, now() FROM policy_macro
"""


class Migration(migrations.Migration):
    dependencies = [("policy", "0009_content"), ("org", "0003_revision")]

    operations = [
        migrations.RunSQL(FIRST_VERSIONS, "DELETE FROM policy_macroversion"),
        *(
            migrations.RunSQL(FOR_ALL.format(table=t), UNDO.format(table=t))
            for t in [*VERSIONS, *OPEN]
        ),
        *(
            migrations.RunSQL(RELEASED_ONLY.format(table=t), UNDO_RELEASED_ONLY.format(table=t))
            for t in VERSIONS
        ),
    ]
