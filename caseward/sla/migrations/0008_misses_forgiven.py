"""A miss that a changed calendar or promise undoes needs no explanation: its record goes."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("sla", "0007_rights_of_several_clocks")]

    operations = [
        migrations.RunSQL(
            "GRANT DELETE ON sla_miss TO cw_staff", "REVOKE DELETE ON sla_miss FROM cw_staff"
        )
    ]
