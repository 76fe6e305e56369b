"""Caseward itself removes requests that are old."""

from django.db import migrations

RIGHTS = """
GRANT DELETE ON wellbeing.consent TO cw_system;
"""
UNDO = "REVOKE DELETE ON wellbeing.consent FROM cw_system"


class Migration(migrations.Migration):
    dependencies = [("wellbeing", "0004_in_hand")]

    operations = [migrations.RunSQL(RIGHTS, UNDO)]
