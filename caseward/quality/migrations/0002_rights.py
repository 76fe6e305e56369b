"""A vendor's staff see what was thought of their own vendor's cases."""

from django.db import migrations

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON quality_survey TO cw_staff;
GRANT SELECT ON quality_survey TO cw_vendor;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;

ALTER TABLE quality_survey ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON quality_survey TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY vendor_reads ON quality_survey FOR SELECT TO cw_vendor
    USING (EXISTS (SELECT FROM casework_case c WHERE c.id = case_id));
"""

UNDO = """
DROP POLICY vendor_reads ON quality_survey;
DROP POLICY everything ON quality_survey;
ALTER TABLE quality_survey DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0001_initial"), ("casework", "0002_rights")]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
