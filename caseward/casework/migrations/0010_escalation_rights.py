"""Who may see and write escalations, incidents, requests for help, emergencies and rotas.

What tier 1 may know of an emergency is in its row; pages, worksheets, disclosures and rotas are
read in-house only, and alerts by Caseward and in-house staff. A disclosure is never changed.
"""

from django.db import migrations

from caseward.org.migrating import moves_revision

VENDOR = "(SELECT NULLIF(current_setting('app.vendor', true), '')::bigint)"
STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
SEES_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
WORKS_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id AND c.tier = 1)"
SEES_ESCALATION = "EXISTS (SELECT FROM casework_escalation e WHERE e.id = escalation_id)"
RAISED_IT = (
    "EXISTS (SELECT FROM casework_escalation e"
    f" WHERE e.id = escalation_id AND e.raised_by_id = {STAFF})"
)
SEES_INCIDENT = "EXISTS (SELECT FROM casework_incident i WHERE i.id = incident_id)"
SERVES_ITS_LINE = (
    "EXISTS (SELECT FROM org_vendorshare s"
    f" WHERE s.lob_id = casework_incident.lob_id AND s.vendor_id = {VENDOR})"
)

KEPT_IN_HOUSE = [
    "casework_emergencypage", "casework_worksheet", "casework_oncallrota", "casework_oncallplace",
    "casework_staffalert",
]
WITH_A_WALL = [
    "casework_escalationquestion", "casework_incident", "casework_incidentcase",
    "casework_helprequest", "casework_emergency",
]

GRANTS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON {", ".join([*KEPT_IN_HOUSE, *WITH_A_WALL])},
    casework_expert TO cw_staff;
GRANT SELECT, INSERT ON casework_disclosure TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;

GRANT SELECT ON casework_escalationquestion, casework_incident, casework_incidentcase,
    casework_helprequest, casework_emergency, casework_expert TO cw_vendor;
GRANT UPDATE (answer, answered_by_id, answered_at) ON casework_escalationquestion TO cw_vendor;
GRANT INSERT ON casework_incidentcase, casework_helprequest TO cw_vendor;
GRANT UPDATE (state, ended_by_id, ended_at, answer) ON casework_helprequest TO cw_vendor;
GRANT USAGE ON SEQUENCE casework_incidentcase_id_seq, casework_helprequest_id_seq TO cw_vendor;
"""

POLICIES = f"""
CREATE POLICY vendor_reads ON casework_escalationquestion FOR SELECT TO cw_vendor
    USING ({SEES_ESCALATION});
CREATE POLICY vendor_answers ON casework_escalationquestion FOR UPDATE TO cw_vendor
    USING (answered_at IS NULL AND {RAISED_IT})
    WITH CHECK (answered_by_id = {STAFF} AND {RAISED_IT});

CREATE POLICY vendor_adds_to ON casework_incident FOR SELECT TO cw_vendor
    USING (is_shared AND {SERVES_ITS_LINE});
CREATE POLICY vendor_reads ON casework_incidentcase FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_adds ON casework_incidentcase FOR INSERT TO cw_vendor
    WITH CHECK (added_by_id = {STAFF} AND {SEES_CASE} AND {SEES_INCIDENT});

CREATE POLICY vendor_reads ON casework_helprequest FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_asks ON casework_helprequest FOR INSERT TO cw_vendor
    WITH CHECK (asked_by_id = {STAFF} AND state = 'OPEN' AND {SEES_CASE});
CREATE POLICY vendor_answers ON casework_helprequest FOR UPDATE TO cw_vendor
    USING (state = 'OPEN' AND to_staff_id = {STAFF} AND {SEES_CASE})
    WITH CHECK (ended_by_id = {STAFF});
CREATE POLICY vendor_withdraws ON casework_helprequest FOR UPDATE TO cw_vendor
    USING (state = 'OPEN' AND asked_by_id = {STAFF}) WITH CHECK (ended_by_id = {STAFF});

CREATE POLICY vendor_reads ON casework_emergency FOR SELECT TO cw_vendor USING ({SEES_CASE});

ALTER TABLE casework_disclosure ENABLE ROW LEVEL SECURITY;
CREATE POLICY read_by_all ON casework_disclosure FOR SELECT TO cw_staff USING (true);
CREATE POLICY written_once ON casework_disclosure FOR INSERT TO cw_staff
    WITH CHECK (disclosed_by_id = {STAFF});
"""

UNDO = f"""
REVOKE INSERT ON casework_incidentcase, casework_helprequest FROM cw_vendor;
DO $$ DECLARE p record; BEGIN
    FOR p IN SELECT policyname, tablename FROM pg_policies
        WHERE tablename = ANY (ARRAY[{", ".join(f"'{t}'" for t in [*KEPT_IN_HOUSE, *WITH_A_WALL])},
            'casework_disclosure'])
    LOOP
        EXECUTE format('DROP POLICY %I ON %I', p.policyname, p.tablename);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', p.tablename);
    END LOOP;
END $$;
"""

CONFIGURED = ["casework_oncallrota", "casework_oncallplace", "casework_expert"]


def guarded(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY everything ON {table} TO cw_staff USING (true) WITH CHECK (true)",
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [("casework", "0009_escalation_kinds")]

    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        *(guarded(table) for table in [*KEPT_IN_HOUSE, *WITH_A_WALL]),
        migrations.RunSQL(POLICIES, UNDO),
        *(moves_revision(table) for table in CONFIGURED),
    ]
