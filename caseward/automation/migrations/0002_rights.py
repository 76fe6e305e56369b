"""Rules are for in-house staff; a vendor's staff have no right to these tables at all."""

from django.db import migrations

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON automation_rule, automation_ruleversion, automation_rulerun,
    automation_reader TO cw_staff;
GRANT USAGE ON SEQUENCE automation_rule_id_seq, automation_ruleversion_id_seq,
    automation_rulerun_id_seq, automation_reader_id_seq TO cw_staff;
INSERT INTO automation_reader (id, last_event_id, settling_event_id, settling_with)
    VALUES (1, 0, 0, '');
"""


class Migration(migrations.Migration):
    dependencies = [("automation", "0001_initial"), ("org", "0002_rights")]

    operations = [migrations.RunSQL(RIGHTS, "DELETE FROM automation_reader")]
