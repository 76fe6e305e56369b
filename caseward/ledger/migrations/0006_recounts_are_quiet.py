"""A recount moves hundreds of thousands of clocks; open pages are not told of each."""

from django.db import migrations

QUIET = """
DROP TRIGGER event_told ON ledger_event;
CREATE TRIGGER event_told AFTER INSERT ON ledger_event
    FOR EACH ROW WHEN (NEW.kind <> 'clock.recomputed') EXECUTE FUNCTION ledger_event_tell();
"""
AS_BEFORE = """
DROP TRIGGER event_told ON ledger_event;
CREATE TRIGGER event_told AFTER INSERT ON ledger_event
    FOR EACH ROW EXECUTE FUNCTION ledger_event_tell();
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_people_have_chains")]

    operations = [migrations.RunSQL(QUIET, AS_BEFORE)]
