"""Work that comes back: never to somebody who rests, and next time to whoever knows the case.

PostgreSQL itself keeps work from whoever is in training or decompressing, unless they act
themselves. Who escalated a case, was named for it or answered on it knows it from now on.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION casework_nobody_rests_with_new_work() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    IF NEW.assignee_id IS DISTINCT FROM NULLIF(current_setting('app.staff', true), '')::bigint
        AND EXISTS (SELECT FROM routing_availability a WHERE a.staff_id = NEW.assignee_id
            AND a.state IN ('TRAINING', 'DECOMPRESSING'))
    THEN
        RAISE EXCEPTION 'Nobody in training or decompressing is given a case.'
            USING ERRCODE = 'restrict_violation', HINT = 'Let it wait in its queue.';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER nobody_rests_with_new_work BEFORE UPDATE OF assignee_id, status ON casework_case
    FOR EACH ROW WHEN (NEW.assignee_id IS NOT NULL
        AND NEW.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
        AND (NEW.assignee_id IS DISTINCT FROM OLD.assignee_id
            OR OLD.status NOT IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')))
    EXECUTE FUNCTION casework_nobody_rests_with_new_work();
"""
UNGUARD = """
DROP TRIGGER nobody_rests_with_new_work ON casework_case;
DROP FUNCTION casework_nobody_rests_with_new_work;
"""

KNOWS = """
CREATE OR REPLACE FUNCTION casework_who_knows(cases bigint[], people bigint[])
RETURNS TABLE (case_id bigint, staff_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT DISTINCT asked.case_id, earlier.assignee_id
    FROM casework_party asked
    JOIN casework_partycontact address ON address.party_id = asked.id AND address.email <> ''
    CROSS JOIN LATERAL (
        SELECT party_id FROM casework_partycontact
        WHERE email = address.email AND party_id <> asked.id ORDER BY party_id DESC LIMIT 20
    ) same
    JOIN casework_party again ON again.id = same.party_id AND again.part = 'REQUESTER'
    JOIN casework_case earlier ON earlier.id = again.case_id
    WHERE asked.case_id = ANY(cases) AND asked.part = 'REQUESTER'
        AND earlier.first_replied_at IS NOT NULL AND earlier.assignee_id = ANY(people)
{of_this_case}$$;
"""
OF_THIS_CASE = """    UNION
    SELECT e.case_id, one.staff_id FROM casework_escalation e
    CROSS JOIN LATERAL (VALUES (e.raised_by_id), (e.to_staff_id)) one (staff_id)
    WHERE e.case_id = ANY(cases) AND one.staff_id = ANY(people)
    UNION
    SELECT m.case_id, m.author_id FROM casework_message m
    WHERE m.case_id = ANY(cases) AND m.direction = 'OUTBOUND' AND m.author_id = ANY(people)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0023_help_in_house"),
        ("routing", "0004_availability_rights"),
    ]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(
            KNOWS.replace("{of_this_case}", OF_THIS_CASE), KNOWS.replace("{of_this_case}", "")
        ),
    ]
