"""Offers and exclusions: a vendor's staff see their own, and answer what is offered to them."""

from django.db import migrations

from caseward.org.migrating import moves_revision

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
CONFIGURATION = ["routing_capacity", "routing_overflowrule", "routing_holdback"]
NUMBERED = [
    "routing_capacity", "routing_overflowrule", "routing_exclusion", "routing_offer",
]

RIGHTS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON routing_capacity, routing_overflowrule, routing_holdback,
    routing_exclusion, routing_offer TO cw_staff;
GRANT SELECT ON routing_capacity, routing_holdback, routing_exclusion, routing_offer TO cw_vendor;
GRANT UPDATE ON routing_offer TO cw_vendor;
GRANT USAGE ON SEQUENCE {", ".join(f"{table}_id_seq" for table in NUMBERED)} TO cw_staff;

ALTER TABLE routing_exclusion ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON routing_exclusion TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY own ON routing_exclusion FOR SELECT TO cw_vendor USING (staff_id = {STAFF});

ALTER TABLE routing_offer ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON routing_offer TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY own ON routing_offer FOR SELECT TO cw_vendor USING (staff_id = {STAFF});
CREATE POLICY own_answers ON routing_offer FOR UPDATE TO cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF} AND outcome <> '');
"""

UNDO = """
DROP POLICY own_answers ON routing_offer;
DROP POLICY own ON routing_offer;
DROP POLICY everybody ON routing_offer;
ALTER TABLE routing_offer DISABLE ROW LEVEL SECURITY;
DROP POLICY own ON routing_exclusion;
DROP POLICY everybody ON routing_exclusion;
ALTER TABLE routing_exclusion DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("routing", "0008_handing_out")]

    operations = [
        migrations.RunSQL(RIGHTS, UNDO),
        *(moves_revision(table) for table in CONFIGURATION),
    ]
