"""A vendor's staff move the clocks of cases in their tier and start none."""

from django.db import migrations

SEES_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
WORKS_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id AND c.tier = 1)"

STRICTER = f"""
REVOKE INSERT ON sla_clock FROM cw_vendor;
DROP POLICY own_cases ON sla_clock;
CREATE POLICY vendor_reads ON sla_clock FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_moves ON sla_clock FOR UPDATE TO cw_vendor
    USING ({WORKS_CASE}) WITH CHECK ({WORKS_CASE});
"""
AS_BEFORE = f"""
GRANT INSERT ON sla_clock TO cw_vendor;
DROP POLICY vendor_reads ON sla_clock;
DROP POLICY vendor_moves ON sla_clock;
CREATE POLICY own_cases ON sla_clock TO cw_vendor
    USING ({SEES_CASE}) WITH CHECK ({SEES_CASE});
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0003_clock_rights")]

    operations = [migrations.RunSQL(STRICTER, AS_BEFORE)]
