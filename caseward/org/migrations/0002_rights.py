"""Who may see and change the organisation; a vendor's staff see their own people only."""

from django.db import migrations

RIGHTS = """
GRANT USAGE ON SCHEMA public TO cw_app, cw_staff, cw_vendor, cw_requester;

GRANT SELECT ON org_operation, org_region, org_site, org_vendor, org_lineofbusiness, org_team,
    org_vendorshare, org_skill, org_staffmember TO cw_staff, cw_vendor;
GRANT SELECT ON org_operation, org_lineofbusiness TO cw_requester, cw_app;
GRANT INSERT, UPDATE, DELETE ON org_operation, org_region, org_site, org_vendor,
    org_lineofbusiness, org_team, org_vendorshare, org_skill, org_staffmember TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;

-- Signing in happens before anybody is known.
GRANT SELECT, UPDATE (last_login, password) ON org_staffmember TO cw_app;
GRANT SELECT ON org_vendor TO cw_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON django_session TO cw_app, cw_staff, cw_vendor;
GRANT SELECT ON django_content_type TO cw_app, cw_staff, cw_vendor;
GRANT SELECT ON django_migrations TO cw_app, cw_staff;

ALTER TABLE org_staffmember ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON org_staffmember TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY signing_in ON org_staffmember TO cw_app USING (true) WITH CHECK (true);
CREATE POLICY own_vendor ON org_staffmember FOR SELECT TO cw_vendor
    USING (vendor_id = (SELECT NULLIF(current_setting('app.vendor', true), '')::bigint));
"""

UNDO = """
DROP POLICY own_vendor ON org_staffmember;
DROP POLICY signing_in ON org_staffmember;
DROP POLICY everybody ON org_staffmember;
ALTER TABLE org_staffmember DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0001_initial"),
        ("sessions", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
