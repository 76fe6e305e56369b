"""The hash covers an event's id too: readers that go on from the last id rely on its order."""

from django.db import migrations

DIGEST = """
CREATE OR REPLACE FUNCTION ledger_event_digest(previous bytea, e ledger_event) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT sha256(previous || convert_to(jsonb_build_array(
        {id}e.case_id, e.seq, e.kind, extract(epoch FROM e.at), e.actor_id, e.actor_name,
        e.audience, e.data
    )::text, 'UTF8'))
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_rights")]

    operations = [migrations.RunSQL(DIGEST.format(id="e.id, "), DIGEST.format(id=""))]
