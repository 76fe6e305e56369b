"""The only ways to write what was met, and to read sums of it: functions with the owner's rights.

Somebody's screen reports for that person alone. Sums hide groups of fewer than eight people, and a
second group where one alone could be worked out from the total; each look at them is kept.
"""

from django.db import migrations

STAFF = "NULLIF(current_setting('app.staff', true), '')::bigint"
SETTINGS = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public"

LOOKING = f"""
CREATE FUNCTION wellbeing.may_report(p_staff bigint) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog AS $$
    SELECT COALESCE(current_setting('role') = 'cw_system' OR p_staff = {STAFF}, false)
$$;

CREATE FUNCTION wellbeing.keep(p_look wellbeing.looking, p_now timestamptz) RETURNS void
{SETTINGS} AS $$
DECLARE ends timestamptz := greatest(p_look.began_at, least(p_now, p_look.counts_until));
BEGIN
    INSERT INTO wellbeing.exposure (staff_id, case_id, category, severity, modality, source,
        weight, cap_minutes, shift_on, began_at, ended_at, seconds)
    VALUES (p_look.staff_id, p_look.case_id, p_look.category, p_look.severity, p_look.modality,
        p_look.source, p_look.weight, p_look.cap_minutes, p_look.shift_on, p_look.began_at, ends,
        extract(epoch FROM ends - p_look.began_at));
    DELETE FROM wellbeing.looking WHERE staff_id = p_look.staff_id;
END $$;

CREATE FUNCTION wellbeing.look(p_new wellbeing.looking, p_now timestamptz) RETURNS void
{SETTINGS} AS $$
DECLARE was wellbeing.looking;
BEGIN
    IF NOT wellbeing.may_report(p_new.staff_id) THEN
        RAISE EXCEPTION 'A screen reports for its own person only.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    SELECT * INTO was FROM wellbeing.looking WHERE staff_id = p_new.staff_id FOR UPDATE;
    IF was.case_id = p_new.case_id AND was.severity = p_new.severity
        AND was.category = p_new.category AND was.counts_until >= p_now
        AND p_new.modality IN ('TEXT', was.modality)  -- a picture stays in view
    THEN
        UPDATE wellbeing.looking SET counts_until = p_new.counts_until
        WHERE staff_id = p_new.staff_id;
        RETURN;
    END IF;
    IF was.case_id IS NOT NULL THEN
        PERFORM wellbeing.keep(was, p_now);
    END IF;
    INSERT INTO wellbeing.looking SELECT (p_new).* ON CONFLICT DO NOTHING;
END $$;

CREATE FUNCTION wellbeing.look_away(p_staff bigint, p_case bigint, p_now timestamptz) RETURNS void
{SETTINGS} AS $$
DECLARE was wellbeing.looking;
BEGIN
    SELECT * INTO was FROM wellbeing.looking
    WHERE staff_id = p_staff AND case_id = p_case AND wellbeing.may_report(p_staff) FOR UPDATE;
    IF FOUND THEN
        PERFORM wellbeing.keep(was, p_now);
    END IF;
END $$;

CREATE FUNCTION wellbeing.keep_lapsed(p_now timestamptz, p_most integer) RETURNS integer
{SETTINGS} AS $$
DECLARE was wellbeing.looking; done integer := 0;
BEGIN
    FOR was IN SELECT * FROM wellbeing.looking WHERE counts_until < p_now
        ORDER BY counts_until LIMIT p_most FOR UPDATE SKIP LOCKED
    LOOP
        PERFORM wellbeing.keep(was, p_now);
        done := done + 1;
    END LOOP;
    RETURN done;
END $$;

CREATE FUNCTION wellbeing.forget(p_staff bigint) RETURNS integer
{SETTINGS} AS $$
DECLARE gone integer;
BEGIN
    DELETE FROM wellbeing.looking WHERE staff_id = p_staff;
    DELETE FROM wellbeing.optout WHERE staff_id = p_staff;
    DELETE FROM wellbeing.stop WHERE staff_id = p_staff;
    DELETE FROM wellbeing.consent WHERE staff_id = p_staff;
    PERFORM set_config('wellbeing.forgets', 'yes', true);
    DELETE FROM wellbeing.exposure WHERE staff_id = p_staff;
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('wellbeing.forgets', '', true);
    RETURN gone;
END $$;
"""

# Cohorts are fixed, the window is four whole weeks: two sums never differ by one person.
SUMS = f"""
CREATE FUNCTION wellbeing.sums(p_now timestamptz)
RETURNS TABLE (employer bigint, people bigint, minutes double precision, shifts bigint,
    kept bigint)
{SETTINGS} AS $$
DECLARE
    begins date := date_trunc('week', p_now AT TIME ZONE 'UTC')::date - 28;
    row_of record; small bigint[] := '{{}}'; hidden bigint := 0; total bigint := 0;
BEGIN
    IF NOT EXISTS (SELECT FROM org_staffmember s WHERE s.id = {STAFF} AND s.vendor_id IS NULL
        AND s.role NOT IN ('AGENT', 'SPECIALIST'))
    THEN
        RAISE EXCEPTION 'Only who leads people in-house sees sums of exposure.'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO wellbeing.glance (staff_id, what, at)
    VALUES ({STAFF}, 'sums', date_trunc('hour', p_now)) ON CONFLICT DO NOTHING;

    FOR row_of IN SELECT * FROM wellbeing.sums_of(begins) s ORDER BY s.people, s.employer LOOP
        total := total + row_of.people;
        IF row_of.people < 8 OR (cardinality(small) > 0
            AND (cardinality(small) = 1 OR hidden < 8))
        THEN
            small := small || row_of.employer;
            hidden := hidden + row_of.people;
        END IF;
    END LOOP;
    RETURN QUERY SELECT s.employer, s.people, s.minutes, s.shifts, s.kept
        FROM wellbeing.sums_of(begins) s
        WHERE total >= 8 AND s.employer <> ALL (small);
    RETURN QUERY SELECT NULL::bigint, sum(s.people)::bigint, sum(s.minutes), sum(s.shifts)::bigint,
        sum(s.kept)::bigint FROM wellbeing.sums_of(begins) s HAVING sum(s.people) >= 8;
END $$;

CREATE FUNCTION wellbeing.sums_of(p_begins date)
RETURNS TABLE (employer bigint, people bigint, minutes double precision, shifts bigint,
    kept bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    WITH day AS (
        SELECT e.staff_id, e.shift_on, sum(e.seconds * e.weight) / 60 AS minutes,
               min(e.cap_minutes) AS cap
        FROM wellbeing.exposure e
        WHERE e.shift_on >= p_begins AND e.shift_on < p_begins + 28
        GROUP BY e.staff_id, e.shift_on
    )
    SELECT COALESCE(s.vendor_id, 0), count(DISTINCT day.staff_id), sum(day.minutes), count(*),
           count(*) FILTER (WHERE day.minutes <= day.cap + 0.01)
    FROM day JOIN org_staffmember s ON s.id = day.staff_id GROUP BY 1
$$;
"""

CLOSE = """
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA wellbeing FROM PUBLIC;
GRANT EXECUTE ON FUNCTION wellbeing.look(wellbeing.looking, timestamptz),
    wellbeing.look_away(bigint, bigint, timestamptz) TO cw_staff, cw_vendor;
GRANT EXECUTE ON FUNCTION wellbeing.sums(timestamptz) TO cw_staff;
GRANT EXECUTE ON FUNCTION wellbeing.keep_lapsed(timestamptz, integer), wellbeing.forget(bigint)
    TO cw_system;
"""

UNDO = """
DROP FUNCTION wellbeing.sums, wellbeing.sums_of, wellbeing.forget, wellbeing.keep_lapsed,
    wellbeing.look_away, wellbeing.look, wellbeing.keep, wellbeing.may_report;
"""


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0002_rights")]

    operations = [
        migrations.RunSQL(LOOKING, migrations.RunSQL.noop),
        migrations.RunSQL(SUMS + CLOSE, UNDO),
    ]
