"""Many cases' events in three statements; numbers and hashes are nobody's to write.

Whoever may record an event names what happened. Its number and its hash come from the trigger, or,
for one event on each of many cases, from `ledger_record_many`, which only Caseward itself may call.
The digest is STABLE, as what it calls is, so that PostgreSQL can work it out without calling it.
"""

from django.db import migrations

MANY = """
CREATE FUNCTION ledger_record_many(
    new_kind text, new_at timestamptz, new_actor_name text, new_audience text,
    case_ids bigint[], said jsonb[]
) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO ledger_chain (case_id, length, head)
    SELECT n, 0, '\\x' FROM unnest(case_ids) AS n ORDER BY n ON CONFLICT DO NOTHING;
    PERFORM FROM ledger_chain WHERE case_id = ANY (case_ids) ORDER BY case_id FOR UPDATE;
    WITH numbered AS MATERIALIZED (
        SELECT nextval('ledger_event_id_seq') AS id, c.case_id, c.length + 1 AS seq, c.head, s.data
        FROM unnest(case_ids, said) AS s (case_id, data) JOIN ledger_chain c USING (case_id)
        ORDER BY c.case_id
    ), written AS (
        INSERT INTO ledger_event
            (id, case_id, seq, kind, at, actor_name, audience, data, hash)
        SELECT id, case_id, seq, new_kind, new_at, new_actor_name, new_audience, data,
            ledger_event_digest(head, ROW(id, case_id, seq, new_kind, new_at, NULL, new_actor_name,
                new_audience, data, '')::ledger_event)
        FROM numbered RETURNING case_id, seq, hash
    )
    UPDATE ledger_chain c SET length = w.seq, head = w.hash
    FROM written w WHERE c.case_id = w.case_id;
    PERFORM pg_notify('caseward', json_build_object(
        'case', 0, 'kind', new_kind, 'vendor', NULL, 'audience', new_audience
    )::text);
END $$;
REVOKE ALL ON FUNCTION ledger_record_many FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_record_many TO cw_system;
"""
ONE_BY_ONE = "DROP FUNCTION ledger_record_many"

GIVEN = """
DROP TRIGGER event_chain ON ledger_event;
CREATE TRIGGER event_chain BEFORE INSERT ON ledger_event
    FOR EACH ROW WHEN (NEW.seq = 0) EXECUTE FUNCTION ledger_event_chain();
ALTER FUNCTION ledger_event_digest(bytea, ledger_event) STABLE;
REVOKE INSERT ON ledger_event FROM cw_staff, cw_vendor;
GRANT INSERT (case_id, kind, at, actor_id, actor_name, audience, data)
    ON ledger_event TO cw_staff, cw_vendor;
"""
TAKEN = """
REVOKE INSERT (case_id, kind, at, actor_id, actor_name, audience, data)
    ON ledger_event FROM cw_staff, cw_vendor;
GRANT INSERT ON ledger_event TO cw_staff, cw_vendor;
ALTER FUNCTION ledger_event_digest(bytea, ledger_event) IMMUTABLE;
DROP TRIGGER event_chain ON ledger_event;
CREATE TRIGGER event_chain BEFORE INSERT ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_chain();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_recounts_are_quiet")]

    operations = [migrations.RunSQL(GIVEN, TAKEN), migrations.RunSQL(MANY, ONE_BY_ONE)]
