"""A vendor's staff answer only while the case is in their tier, and undo only their own doing."""

from django.db import migrations

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
SEES_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"
SEES_OTHER = "EXISTS (SELECT FROM casework_case c WHERE c.id = other_id)"
SEES_MESSAGE = "EXISTS (SELECT FROM casework_message m WHERE m.id = message_id)"
WORKS_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id AND c.tier = 1)"
WROTE_IT = (
    f"EXISTS (SELECT FROM casework_message m WHERE m.id = message_id AND m.author_id = {STAFF})"
)
HAS_LEFT = "EXISTS (SELECT FROM casework_outgoing o WHERE o.message_id = casework_message.id)"

STRICTER = f"""
REVOKE UPDATE ON casework_message, casework_attachment, casework_outgoing FROM cw_vendor;

DROP POLICY vendor_writes ON casework_message;
CREATE POLICY vendor_notes ON casework_message FOR INSERT TO cw_vendor
    WITH CHECK (direction = 'NOTE' AND NOT in_house_only AND author_id = {STAFF} AND {SEES_CASE});
CREATE POLICY vendor_answers ON casework_message FOR INSERT TO cw_vendor
    WITH CHECK (direction = 'OUTBOUND' AND author_id = {STAFF} AND {WORKS_CASE});
DROP POLICY vendor_takes_back ON casework_message;
CREATE POLICY vendor_takes_back ON casework_message FOR DELETE TO cw_vendor
    USING (direction = 'OUTBOUND' AND author_id = {STAFF} AND NOT {HAS_LEFT});

DROP POLICY vendor_writes ON casework_attachment;
CREATE POLICY vendor_writes ON casework_attachment FOR INSERT TO cw_vendor WITH CHECK ({WROTE_IT});

DROP POLICY vendor_uses ON casework_outgoing;
CREATE POLICY vendor_reads ON casework_outgoing FOR SELECT TO cw_vendor USING ({SEES_CASE});
CREATE POLICY vendor_answers ON casework_outgoing FOR INSERT TO cw_vendor
    WITH CHECK (kind = 'REPLY' AND state = 'QUEUED' AND {WROTE_IT} AND {WORKS_CASE});
CREATE POLICY vendor_takes_back ON casework_outgoing FOR DELETE TO cw_vendor
    USING (state = 'QUEUED' AND {WROTE_IT});

DROP POLICY vendor_raises ON casework_escalation;
CREATE POLICY vendor_raises ON casework_escalation FOR INSERT TO cw_vendor
    WITH CHECK (raised_by_id = {STAFF} AND accepted_by_id IS NULL AND ended_at IS NULL
        AND {WORKS_CASE});

DROP POLICY vendor_uses ON casework_link;
CREATE POLICY vendor_uses ON casework_link TO cw_vendor
    USING ({SEES_CASE}) WITH CHECK ({SEES_CASE} AND {SEES_OTHER});
"""

AS_BEFORE = f"""
GRANT UPDATE ON casework_message, casework_attachment, casework_outgoing TO cw_vendor;

DROP POLICY vendor_notes ON casework_message;
DROP POLICY vendor_answers ON casework_message;
CREATE POLICY vendor_writes ON casework_message FOR INSERT TO cw_vendor
    WITH CHECK (NOT in_house_only AND direction <> 'INBOUND' AND author_id = {STAFF}
        AND {SEES_CASE});
DROP POLICY vendor_takes_back ON casework_message;
CREATE POLICY vendor_takes_back ON casework_message FOR DELETE TO cw_vendor
    USING (author_id = {STAFF} AND {SEES_CASE});

DROP POLICY vendor_writes ON casework_attachment;
CREATE POLICY vendor_writes ON casework_attachment FOR INSERT TO cw_vendor
    WITH CHECK ({SEES_MESSAGE});

DROP POLICY vendor_reads ON casework_outgoing;
DROP POLICY vendor_answers ON casework_outgoing;
DROP POLICY vendor_takes_back ON casework_outgoing;
CREATE POLICY vendor_uses ON casework_outgoing TO cw_vendor
    USING ({SEES_CASE}) WITH CHECK ({SEES_CASE});

DROP POLICY vendor_raises ON casework_escalation;
CREATE POLICY vendor_raises ON casework_escalation FOR INSERT TO cw_vendor
    WITH CHECK (raised_by_id = {STAFF} AND {SEES_CASE});

DROP POLICY vendor_uses ON casework_link;
CREATE POLICY vendor_uses ON casework_link TO cw_vendor
    USING ({SEES_CASE}) WITH CHECK ({SEES_CASE});
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_rights")]

    operations = [migrations.RunSQL(STRICTER, AS_BEFORE)]
