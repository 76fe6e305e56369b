"""Bulk actions are their author's; of campaigns, a vendor's staff see their own cases and part."""

from django.db import migrations

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
SEES_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
OF_MINE = "EXISTS (SELECT FROM casework_bulkaction b WHERE b.id = action_id)"
IN_IT = "EXISTS (SELECT FROM casework_campaignmember m WHERE m.campaign_id = casework_campaign.id)"

TABLES = [
    "casework_bulkaction",
    "casework_bulkitem",
    "casework_campaign",
    "casework_campaigncase",
    "casework_campaignmember",
    "casework_casereview",
]

GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO cw_staff;
GRANT USAGE ON SEQUENCE {table}_id_seq TO cw_staff;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON {table} TO cw_staff USING (true) WITH CHECK (true);
"""
UNDO_GRANTS = """
DROP POLICY everything ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""

OF_VENDORS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_bulkaction, casework_bulkitem TO cw_vendor;
GRANT USAGE ON SEQUENCE casework_bulkaction_id_seq, casework_bulkitem_id_seq TO cw_vendor;
GRANT SELECT ON casework_campaign, casework_campaigncase, casework_campaignmember TO cw_vendor;

CREATE POLICY own_uses ON casework_bulkaction TO cw_vendor
    USING (by_id = {STAFF}) WITH CHECK (by_id = {STAFF});
CREATE POLICY own_uses ON casework_bulkitem TO cw_vendor
    USING ({OF_MINE}) WITH CHECK ({OF_MINE} AND {SEES_CASE});
CREATE POLICY own_reads ON casework_campaignmember FOR SELECT TO cw_vendor
    USING (staff_id = {STAFF});
CREATE POLICY member_reads ON casework_campaign FOR SELECT TO cw_vendor USING ({IN_IT});
CREATE POLICY vendor_reads ON casework_campaigncase FOR SELECT TO cw_vendor USING ({SEES_CASE});
"""
UNDO_VENDORS = """
DROP POLICY vendor_reads ON casework_campaigncase;
DROP POLICY member_reads ON casework_campaign;
DROP POLICY own_reads ON casework_campaignmember;
DROP POLICY own_uses ON casework_bulkitem;
DROP POLICY own_uses ON casework_bulkaction;
"""

MOVES_REVISION = """
CREATE TRIGGER moves_revision AFTER INSERT OR DELETE OR UPDATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION org_revision_move()
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0012_backlog"), ("org", "0003_revision")]

    operations = [
        *(migrations.RunSQL(GRANTS.format(table=t), UNDO_GRANTS.format(table=t)) for t in TABLES),
        migrations.RunSQL(OF_VENDORS, UNDO_VENDORS),
        *(
            migrations.RunSQL(
                MOVES_REVISION.format(table=table), f"DROP TRIGGER moves_revision ON {table}"
            )
            for table in ("casework_campaign", "casework_campaignmember")
        ),
    ]
