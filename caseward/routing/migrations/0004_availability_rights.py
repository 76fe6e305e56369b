"""A vendor's staff read who of their own is available and change what they do themselves."""

from django.db import migrations

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"

RIGHTS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON routing_availability TO cw_staff;
GRANT SELECT, INSERT, UPDATE ON routing_availability TO cw_vendor;
ALTER TABLE routing_availability ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON routing_availability TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY vendor_reads ON routing_availability FOR SELECT TO cw_vendor
    USING (EXISTS (SELECT FROM org_staffmember s WHERE s.id = staff_id));
CREATE POLICY own_begins ON routing_availability FOR INSERT TO cw_vendor
    WITH CHECK (staff_id = {STAFF});
CREATE POLICY own_changes ON routing_availability FOR UPDATE TO cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF});
"""

UNDO = """
DROP POLICY own_changes ON routing_availability;
DROP POLICY own_begins ON routing_availability;
DROP POLICY vendor_reads ON routing_availability;
DROP POLICY everybody ON routing_availability;
ALTER TABLE routing_availability DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("routing", "0003_to_route_by"), ("org", "0006_routing_rights")]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
