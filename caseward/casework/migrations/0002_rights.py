"""Row-level security: a vendor's staff see their vendor's cases, a requester sees one.

The policies are the backstop; every query filters by itself as well, for an index serves a filter
but not a policy alone. Never put OR into a policy: it would cost the index (measured: 100 times).
"""

from django.db import migrations

GRANTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_case, casework_link, casework_party,
    casework_partycontact, casework_message, casework_messageoriginal, casework_attachment,
    casework_outgoing, casework_escalation, casework_draft, casework_presence,
    casework_savedfilter TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;

-- Contact details and originals (casework_partycontact, casework_messageoriginal) are not a
-- vendor's to query.
GRANT SELECT, UPDATE ON casework_case TO cw_vendor;
GRANT SELECT ON casework_link, casework_party TO cw_vendor;
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_message, casework_attachment, casework_outgoing
    TO cw_vendor;
GRANT SELECT, INSERT ON casework_escalation, casework_link TO cw_vendor;
GRANT DELETE ON casework_link TO cw_vendor;
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_draft, casework_presence, casework_savedfilter
    TO cw_vendor;
GRANT USAGE ON SEQUENCE casework_link_id_seq, casework_message_id_seq, casework_attachment_id_seq,
    casework_outgoing_id_seq, casework_escalation_id_seq, casework_draft_id_seq,
    casework_presence_id_seq, casework_savedfilter_id_seq TO cw_vendor;

GRANT SELECT ON casework_case, casework_message, casework_attachment TO cw_requester;
"""

TABLES = [
    "casework_case",
    "casework_link",
    "casework_party",
    "casework_message",
    "casework_attachment",
    "casework_outgoing",
    "casework_escalation",
    "casework_draft",
    "casework_presence",
    "casework_savedfilter",
]

VENDOR = "(SELECT NULLIF(current_setting('app.vendor', true), '')::bigint)"
STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
CASE = "(SELECT NULLIF(current_setting('app.case', true), '')::bigint)"
SEES_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
SEES_MESSAGE = "EXISTS (SELECT FROM casework_message m WHERE m.id = message_id)"

POLICIES = f"""
CREATE POLICY vendor_reads ON casework_case FOR SELECT TO cw_vendor USING (vendor_id = {VENDOR});
CREATE POLICY vendor_changes ON casework_case FOR UPDATE TO cw_vendor
    USING (vendor_id = {VENDOR} AND tier = 1) WITH CHECK (vendor_id = {VENDOR});
CREATE POLICY requester_reads ON casework_case FOR SELECT TO cw_requester USING (id = {CASE});

CREATE POLICY vendor_reads ON casework_message FOR SELECT TO cw_vendor
    USING (NOT in_house_only AND {SEES_CASE});
CREATE POLICY vendor_writes ON casework_message FOR INSERT TO cw_vendor
    WITH CHECK (NOT in_house_only AND direction <> 'INBOUND' AND author_id = {STAFF}
        AND {SEES_CASE});
CREATE POLICY vendor_takes_back ON casework_message FOR DELETE TO cw_vendor
    USING (author_id = {STAFF} AND {SEES_CASE});
CREATE POLICY requester_reads ON casework_message FOR SELECT TO cw_requester
    USING (case_id = {CASE} AND direction <> 'NOTE');

CREATE POLICY vendor_reads ON casework_attachment FOR SELECT TO cw_vendor USING ({SEES_MESSAGE});
CREATE POLICY vendor_writes ON casework_attachment FOR INSERT TO cw_vendor
    WITH CHECK ({SEES_MESSAGE});
CREATE POLICY vendor_takes_back ON casework_attachment FOR DELETE TO cw_vendor
    USING (EXISTS (SELECT FROM casework_message m
        WHERE m.id = message_id AND m.author_id = {STAFF}));
CREATE POLICY requester_reads ON casework_attachment FOR SELECT TO cw_requester
    USING ({SEES_MESSAGE});

CREATE POLICY vendor_uses ON casework_outgoing TO cw_vendor
    USING ({SEES_CASE}) WITH CHECK ({SEES_CASE});
CREATE POLICY vendor_reads ON casework_party FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_uses ON casework_link TO cw_vendor
    USING ({SEES_CASE}) WITH CHECK ({SEES_CASE});
CREATE POLICY vendor_reads ON casework_escalation FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_raises ON casework_escalation FOR INSERT TO cw_vendor
    WITH CHECK (raised_by_id = {STAFF} AND {SEES_CASE});
CREATE POLICY vendor_uses ON casework_draft TO cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF} AND {SEES_CASE});
CREATE POLICY vendor_reads ON casework_presence FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_is_there ON casework_presence TO cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF} AND {SEES_CASE});
CREATE POLICY vendor_uses ON casework_savedfilter TO cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF});

ALTER TABLE ledger_event ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON ledger_event TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY vendor_reads ON ledger_event FOR SELECT TO cw_vendor
    USING (audience = 'EVERYONE' AND {SEES_CASE});
CREATE POLICY vendor_records ON ledger_event FOR INSERT TO cw_vendor
    WITH CHECK (actor_id = {STAFF} AND {SEES_CASE});
CREATE POLICY requester_reads ON ledger_event FOR SELECT TO cw_requester
    USING (case_id = {CASE} AND audience = 'EVERYONE');
"""

UNDO = """
DO $$ DECLARE p record; BEGIN
    FOR p IN SELECT policyname, tablename FROM pg_policies
        WHERE tablename LIKE 'casework\\_%' OR tablename = 'ledger_event'
    LOOP
        EXECUTE format('DROP POLICY %I ON %I', p.policyname, p.tablename);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', p.tablename);
    END LOOP;
END $$;
"""


def guarded(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;"
        f"CREATE POLICY everything ON {table} TO cw_staff USING (true) WITH CHECK (true)",
        migrations.RunSQL.noop,
    )


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("ledger", "0002_rights"),
        ("org", "0002_rights"),
        ("policy", "0002_rights"),
        ("routing", "0002_rights"),
    ]

    operations = [
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        *(guarded(table) for table in TABLES),
        migrations.RunSQL(POLICIES, UNDO),
    ]
