"""Who may read and write what: rows of one's own, sums for who leads people, the rest for nobody.

`cw_staff` is every manager's identity. It reads what `app.staff` is the subject of and no more;
`cw_system`, which no signed-in person acts as, reads what routing has to know.
"""

from django.db import migrations

NEEDS_ITS_ROLE = """
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'cw_system') THEN
        RAISE EXCEPTION 'This server does not know the role cw_system yet.'
            USING HINT = 'Run "caseward database prepare" with this version, then migrate again.';
    END IF;
END $$
"""

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
EVERY = ["exposure", "looking", "optout", "stop", "consent", "glance"]

GRANTS = """
GRANT USAGE ON SCHEMA wellbeing TO cw_staff, cw_vendor;
GRANT SELECT ON wellbeing.exposure, wellbeing.looking, wellbeing.optout, wellbeing.stop,
    wellbeing.capsversion, wellbeing.glance TO cw_staff, cw_vendor;
GRANT INSERT, DELETE ON wellbeing.optout, wellbeing.stop TO cw_staff, cw_vendor;
GRANT INSERT ON wellbeing.capsversion TO cw_staff;

GRANT SELECT (id, case_id, staff_id, asked_by_id, why, asked_at, expires_at, agreed_at),
    INSERT (case_id, staff_id, asked_by_id, why, asked_at, expires_at)
    ON wellbeing.consent TO cw_staff;
GRANT SELECT, UPDATE (agreed_at, declined_at) ON wellbeing.consent TO cw_system;
GRANT INSERT, DELETE ON wellbeing.glance TO cw_system;
"""
UNGRANT = "REVOKE ALL ON ALL TABLES IN SCHEMA wellbeing FROM cw_staff, cw_vendor, cw_system"

POLICIES = f"""
CREATE POLICY own ON wellbeing.exposure FOR SELECT TO cw_staff, cw_vendor
    USING (staff_id = {STAFF});
CREATE POLICY own ON wellbeing.looking FOR SELECT TO cw_staff, cw_vendor USING (staff_id = {STAFF});
CREATE POLICY own ON wellbeing.optout TO cw_staff, cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF});
CREATE POLICY own ON wellbeing.stop TO cw_staff, cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF});

CREATE POLICY asked ON wellbeing.consent FOR SELECT TO cw_staff USING (asked_by_id = {STAFF});
CREATE POLICY asks ON wellbeing.consent FOR INSERT TO cw_staff
    WITH CHECK (asked_by_id = {STAFF} AND agreed_at IS NULL AND EXISTS (
        SELECT FROM public.org_staffmember s WHERE s.id = asked_by_id
            AND s.role IN ('LOB_LEAD', 'REGIONAL_LEAD', 'GLOBAL_HEAD')));

CREATE POLICY published ON wellbeing.glance FOR SELECT TO cw_staff USING (true);
CREATE POLICY published_to_vendors ON wellbeing.glance FOR SELECT TO cw_vendor
    USING ({STAFF} IS NOT NULL);
"""


def guarded(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE wellbeing.{table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY caseward ON wellbeing.{table} TO cw_system USING (true) WITH CHECK (true)",
        migrations.RunSQL.noop,
    )


UNPOLICE = """
DO $$ DECLARE p record; BEGIN
    FOR p IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'wellbeing' LOOP
        EXECUTE format('DROP POLICY %I ON wellbeing.%I', p.policyname, p.tablename);
        EXECUTE format('ALTER TABLE wellbeing.%I DISABLE ROW LEVEL SECURITY', p.tablename);
    END LOOP;
END $$
"""

NEVER_CHANGES = """
CREATE FUNCTION wellbeing.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('wellbeing.forgets', true) = 'yes' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'What somebody met, and the caps that held, are never changed or removed.'
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER exposure_never_changes BEFORE UPDATE OR DELETE ON wellbeing.exposure
    FOR EACH ROW EXECUTE FUNCTION wellbeing.refuse();
CREATE TRIGGER caps_never_change BEFORE UPDATE OR DELETE ON wellbeing.capsversion
    FOR EACH ROW EXECUTE FUNCTION wellbeing.refuse();
CREATE TRIGGER moves_revision AFTER INSERT ON wellbeing.capsversion
    FOR EACH STATEMENT EXECUTE FUNCTION public.org_revision_move();
"""
CHANGES = """
DROP TRIGGER moves_revision ON wellbeing.capsversion;
DROP TRIGGER caps_never_change ON wellbeing.capsversion;
DROP TRIGGER exposure_never_changes ON wellbeing.exposure;
DROP FUNCTION wellbeing.refuse;
"""


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0001_initial"), ("org", "0003_revision")]

    operations = [
        migrations.RunSQL(NEEDS_ITS_ROLE, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTS, UNGRANT),
        *(guarded(table) for table in EVERY),
        migrations.RunSQL(POLICIES, UNPOLICE),
        migrations.RunSQL(NEVER_CHANGES, CHANGES),
    ]
