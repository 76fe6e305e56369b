"""An index for how many of somebody's escalations run, and were judged lately."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0004_list_indexes")]

    operations = [
        migrations.AddIndex(
            model_name="escalation",
            index=models.Index(fields=["raised_by", "ended_at"], name="escalation_judged_lately"),
        ),
    ]
