"""Macros sent and steps done: a vendor's staff see their cases' and write as themselves."""

from django.db import migrations

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
SEES_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
WORKS_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id AND c.tier = 1)"
WROTE_IT = (
    f"EXISTS (SELECT FROM casework_message m WHERE m.id = message_id AND m.author_id = {STAFF})"
)

RIGHTS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_macrouse, casework_playbookstep TO cw_staff;
GRANT SELECT, INSERT ON casework_macrouse TO cw_vendor;
GRANT SELECT, INSERT, DELETE, UPDATE (confirmed_by_id, confirmed_at) ON casework_playbookstep
    TO cw_vendor;
GRANT USAGE ON SEQUENCE casework_macrouse_id_seq, casework_playbookstep_id_seq
    TO cw_staff, cw_vendor;

ALTER TABLE casework_macrouse ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_playbookstep ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON casework_macrouse TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY everything ON casework_playbookstep TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY vendor_reads ON casework_macrouse FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_answers ON casework_macrouse FOR INSERT TO cw_vendor
    WITH CHECK ({WROTE_IT} AND {WORKS_CASE});
CREATE POLICY vendor_reads ON casework_playbookstep FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_does ON casework_playbookstep FOR INSERT TO cw_vendor
    WITH CHECK (done_by_id = {STAFF} AND confirmed_by_id IS NULL AND {WORKS_CASE});
CREATE POLICY vendor_confirms ON casework_playbookstep FOR UPDATE TO cw_vendor
    USING ({WORKS_CASE}) WITH CHECK (confirmed_by_id = {STAFF} AND {WORKS_CASE});
CREATE POLICY vendor_undoes ON casework_playbookstep FOR DELETE TO cw_vendor
    USING (done_by_id = {STAFF} AND {WORKS_CASE});
"""

UNDO = """
DO $$ DECLARE p record; BEGIN
    FOR p IN SELECT policyname, tablename FROM pg_policies
        WHERE tablename IN ('casework_macrouse', 'casework_playbookstep')
    LOOP
        EXECUTE format('DROP POLICY %I ON %I', p.policyname, p.tablename);
    END LOOP;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0014_content")]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
