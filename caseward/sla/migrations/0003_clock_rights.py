"""Clocks are seen and kept by whoever sees their case."""

from django.db import migrations

RIGHTS = """
GRANT SELECT, INSERT, UPDATE ON sla_clock TO cw_staff, cw_vendor;
GRANT DELETE ON sla_clock TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;
GRANT USAGE ON SEQUENCE sla_clock_id_seq TO cw_vendor;

ALTER TABLE sla_clock ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON sla_clock TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY own_cases ON sla_clock TO cw_vendor
    USING (EXISTS (SELECT FROM casework_case c WHERE c.id = case_id))
    WITH CHECK (EXISTS (SELECT FROM casework_case c WHERE c.id = case_id));
"""

UNDO = """
DROP POLICY own_cases ON sla_clock;
DROP POLICY everybody ON sla_clock;
ALTER TABLE sla_clock DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0002_rights"), ("casework", "0002_rights")]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
