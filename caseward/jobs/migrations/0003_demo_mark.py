"""The mark by which the demo knows an installation it made; only the owner sets it."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("jobs", "0002_heartbeat")]

    operations = [
        migrations.CreateModel(
            name="DemoMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("installation", models.UUIDField()),
                ("seed", models.BigIntegerField()),
                ("cases", models.PositiveIntegerField()),
                ("ends_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(name="demo_mark_is_only_one", condition=Q(id=1))
                ],
            },
        ),
        migrations.RunSQL(
            "GRANT SELECT ON jobs_demomark TO cw_staff", migrations.RunSQL.noop
        ),
    ]
