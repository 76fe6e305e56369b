"""A heartbeat a part, written and read before anybody acts: whether all is well has no owner."""

from django.db import migrations, models
from django.db.models.functions import Now


class Migration(migrations.Migration):
    dependencies = [("jobs", "0001_rights")]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("part", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=Now())),
            ],
        ),
        migrations.RunSQL(
            "GRANT SELECT, INSERT, UPDATE ON jobs_heartbeat TO cw_app, cw_staff",
            migrations.RunSQL.noop,
        ),
    ]
