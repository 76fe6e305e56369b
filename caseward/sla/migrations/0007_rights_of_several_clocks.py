"""Misses, holds and recounts are in-house; a vendor's staff see no clock that tells of a report."""

from django.db import migrations

SEES_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
WORKS_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id AND c.tier = 1)"
NO_REPORT = "kind NOT IN ('REFERRAL', 'REGULATOR_ORDER', 'PRESERVATION')"

RIGHTS = f"""
GRANT SELECT, INSERT, UPDATE ON sla_miss, sla_hold, sla_recount TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;
DROP POLICY vendor_reads ON sla_clock;
DROP POLICY vendor_moves ON sla_clock;
CREATE POLICY vendor_reads ON sla_clock FOR SELECT TO cw_vendor USING ({SEES_CASE} AND {NO_REPORT});
CREATE POLICY vendor_moves ON sla_clock FOR UPDATE TO cw_vendor
    USING ({WORKS_CASE} AND {NO_REPORT}) WITH CHECK ({WORKS_CASE});
"""
UNDO = f"""
DROP POLICY vendor_reads ON sla_clock;
DROP POLICY vendor_moves ON sla_clock;
CREATE POLICY vendor_reads ON sla_clock FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_moves ON sla_clock FOR UPDATE TO cw_vendor
    USING ({WORKS_CASE}) WITH CHECK ({WORKS_CASE});
REVOKE ALL ON sla_miss, sla_hold, sla_recount FROM cw_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("sla", "0006_several_clocks")]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
