"""Locks of silence are in-house; everybody reads and marks the notices that are for them."""

from django.db import migrations

MINE = "staff_id::text = current_setting('app.staff', true)"
RIGHTS = f"""
GRANT SELECT, INSERT, UPDATE ON casework_disclosurelock TO cw_staff;
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_notice TO cw_staff;
GRANT SELECT, UPDATE ON casework_notice TO cw_vendor;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;

ALTER TABLE casework_notice ENABLE ROW LEVEL SECURITY;
CREATE POLICY in_house ON casework_notice TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY my_own ON casework_notice TO cw_vendor USING ({MINE}) WITH CHECK ({MINE});
"""
UNDO = """
DROP POLICY my_own ON casework_notice;
DROP POLICY in_house ON casework_notice;
ALTER TABLE casework_notice DISABLE ROW LEVEL SECURITY;
REVOKE ALL ON casework_notice, casework_disclosurelock FROM cw_staff, cw_vendor;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0019_law")]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
