"""Each person has a chain of events about them, numbered minus theirs: their own to read and write."""

from django.db import migrations

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"

RIGHTS = f"""
CREATE POLICY own_chain_reads ON ledger_event FOR SELECT TO cw_vendor
    USING (case_id = -{STAFF} AND audience = 'EVERYONE');
CREATE POLICY own_chain_records ON ledger_event FOR INSERT TO cw_vendor
    WITH CHECK (case_id = -{STAFF} AND actor_id = {STAFF});
"""

UNDO = """
DROP POLICY IF EXISTS own_chain_records ON ledger_event;
DROP POLICY IF EXISTS own_chain_reads ON ledger_event;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_event_of_actor")]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
