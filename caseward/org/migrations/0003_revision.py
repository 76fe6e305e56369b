"""A number that moves whenever the configuration does, so that each process may keep a copy.

It comes from a sequence and so never repeats: after a rollback the old number means the old content.
"""

from django.db import migrations

TABLES = [
    "org_operation",
    "org_region",
    "org_site",
    "org_vendor",
    "org_lineofbusiness",
    "org_vendorshare",
    "org_team",
    "org_skill",
    "org_staffmember",
]

REVISION = """
CREATE TABLE org_revision (number bigint NOT NULL);
INSERT INTO org_revision VALUES (1);
CREATE SEQUENCE org_revision_numbers START 2;
GRANT SELECT ON org_revision TO cw_app, cw_staff, cw_vendor, cw_requester;

CREATE FUNCTION org_revision_move() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    UPDATE org_revision SET number = nextval('org_revision_numbers');
    RETURN NULL;
END $$;
"""

UNDO = """
DROP FUNCTION org_revision_move CASCADE;
DROP SEQUENCE org_revision_numbers;
DROP TABLE org_revision;
"""


def moves_revision(table: str) -> migrations.RunSQL:
    """Move the revision whenever a row of the table is written, but not when somebody signs in."""
    watched = "INSERT OR DELETE OR UPDATE"
    if table == "org_staffmember":
        watched = (
            "INSERT OR DELETE OR UPDATE OF key, name, role, site_id, team_id, vendor_id, is_active"
        )
    return migrations.RunSQL(
        f"CREATE TRIGGER moves_revision AFTER {watched} ON {table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION org_revision_move()",
        f"DROP TRIGGER moves_revision ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("org", "0002_rights")]

    operations = [migrations.RunSQL(REVISION, UNDO), *(moves_revision(name) for name in TABLES)]
