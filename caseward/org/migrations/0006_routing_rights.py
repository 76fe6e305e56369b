"""Shifts and certifications: a vendor's staff read their own people's, in-house staff write."""

from django.db import migrations

TABLES = ["org_certification", "org_shift"]

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO cw_staff;
GRANT SELECT ON {table} TO cw_vendor;
GRANT USAGE ON SEQUENCE {table}_id_seq TO cw_staff;
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON {table} TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY own_vendor ON {table} FOR SELECT TO cw_vendor
    USING (EXISTS (SELECT FROM org_staffmember s WHERE s.id = staff_id));
"""

UNDO = """
DROP POLICY own_vendor ON {table};
DROP POLICY everybody ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""

# A range of one stands for the person, so that no extension is needed to compare people.
ONE_SHIFT_AT_ONCE = """
ALTER TABLE org_shift
    ADD COLUMN whose int8range GENERATED ALWAYS AS (int8range(staff_id, staff_id, '[]')) STORED,
    ADD COLUMN during tstzrange GENERATED ALWAYS AS (tstzrange(starts_at, ends_at)) STORED,
    ADD CONSTRAINT shift_one_at_once EXCLUDE USING gist (whose WITH &&, during WITH &&);
"""

UNDO_ONE_AT_ONCE = "ALTER TABLE org_shift DROP COLUMN whose, DROP COLUMN during"

MOVES_REVISION = """
CREATE TRIGGER moves_revision AFTER INSERT OR DELETE OR UPDATE ON org_certification
    FOR EACH STATEMENT EXECUTE FUNCTION org_revision_move()
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0005_to_route_by")]

    operations = [
        *(migrations.RunSQL(RIGHTS.format(table=t), UNDO.format(table=t)) for t in TABLES),
        migrations.RunSQL(ONE_SHIFT_AT_ONCE, UNDO_ONE_AT_ONCE),
        migrations.RunSQL(MOVES_REVISION, "DROP TRIGGER moves_revision ON org_certification"),
    ]
