"""Number and chain events as they are written, tell listeners, and let nobody change one."""

from django.db import migrations

CHAIN = """
CREATE FUNCTION ledger_event_digest(previous bytea, e ledger_event) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        e.case_id, e.seq, e.kind, extract(epoch FROM e.at), e.actor_id, e.actor_name, e.audience, e.data
    )::text, 'UTF8'))
$$;

CREATE FUNCTION ledger_event_chain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
DECLARE previous bytea;
BEGIN
    INSERT INTO ledger_chain AS c (case_id, length, head) VALUES (NEW.case_id, 1, '\\x00')
    ON CONFLICT (case_id) DO UPDATE SET length = c.length + 1
    RETURNING length, head INTO NEW.seq, previous;
    IF NEW.seq = 1 THEN previous := '\\x'; END IF;
    NEW.hash := ledger_event_digest(previous, NEW);
    UPDATE ledger_chain SET head = NEW.hash WHERE case_id = NEW.case_id;
    RETURN NEW;
END $$;

CREATE TRIGGER event_chain BEFORE INSERT ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_chain();

CREATE FUNCTION ledger_event_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Events are never changed or removed; record a new one.'
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_never_changes BEFORE UPDATE OR DELETE ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_refuse();

CREATE FUNCTION ledger_event_tell() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('caseward', json_build_object(
        'case', NEW.case_id, 'seq', NEW.seq, 'kind', NEW.kind, 'by', NEW.actor_id,
        'vendor', NULLIF(NEW.data ->> 'vendor_id', '')::bigint, 'audience', NEW.audience
    )::text);
    RETURN NULL;
END $$;

CREATE TRIGGER event_told AFTER INSERT ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_tell();

ALTER TABLE ledger_event ALTER COLUMN seq SET DEFAULT 0, ALTER COLUMN hash SET DEFAULT '\\x';
"""

UNCHAIN = """
DROP TRIGGER event_told ON ledger_event;
DROP TRIGGER event_never_changes ON ledger_event;
DROP TRIGGER event_chain ON ledger_event;
DROP FUNCTION ledger_event_tell, ledger_event_refuse, ledger_event_chain;
DROP FUNCTION ledger_event_digest(bytea, ledger_event);
"""

RIGHTS = """
GRANT SELECT, INSERT ON ledger_event TO cw_staff, cw_vendor;
GRANT SELECT ON ledger_event TO cw_requester;
GRANT SELECT ON ledger_chain TO cw_staff;
GRANT USAGE ON SEQUENCE ledger_event_id_seq TO cw_staff, cw_vendor;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(CHAIN, UNCHAIN),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
