"""Who answered a requester before, and who had a part in what is appealed: numbers, no addresses.

A vendor's staff may not read contact details or other vendors' cases; these functions compare them
on their behalf and answer only with the cases and people they were asked about.
"""

from django.db import migrations

KNOWS = """
CREATE FUNCTION casework_who_knows(cases bigint[], people bigint[])
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
$$;
"""

HAD_A_PART = """
CREATE FUNCTION casework_who_had_a_part(cases bigint[], people bigint[])
RETURNS TABLE (case_id bigint, staff_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS $$
    SELECT e.case_id, e.staff_id FROM routing_exclusion e
    WHERE e.case_id = ANY(cases) AND e.staff_id = ANY(people)
    UNION
    SELECT appeal.id, event.actor_id
    FROM casework_case appeal
    CROSS JOIN LATERAL (
        SELECT other_id AS id FROM casework_link WHERE case_id = appeal.id
        UNION SELECT case_id FROM casework_link WHERE other_id = appeal.id
    ) original
    JOIN ledger_event event ON event.case_id = original.id
    WHERE appeal.id = ANY(cases) AND appeal.channel = 'APPEAL' AND event.actor_id = ANY(people)
$$;
"""

RIGHTS = """
REVOKE EXECUTE ON FUNCTION casework_who_knows(bigint[], bigint[]),
    casework_who_had_a_part(bigint[], bigint[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION casework_who_knows(bigint[], bigint[]),
    casework_who_had_a_part(bigint[], bigint[]) TO cw_staff, cw_vendor;
"""

DROP = "DROP FUNCTION {}(bigint[], bigint[])"


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0016_steps_in_house"),
        ("routing", "0008_handing_out"),
        ("ledger", "0005_people_have_chains"),
    ]

    operations = [
        migrations.RunSQL(KNOWS, DROP.format("casework_who_knows")),
        migrations.RunSQL(HAD_A_PART, DROP.format("casework_who_had_a_part")),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
