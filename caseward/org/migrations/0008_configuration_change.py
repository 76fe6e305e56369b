"""What leads change on screen: read in-house only, and never changed afterwards."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

RIGHTS = """
GRANT SELECT, INSERT ON org_configurationchange TO cw_staff;
GRANT USAGE ON SEQUENCE org_configurationchange_id_seq TO cw_staff;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0007_language"),
    ]

    operations = [
        migrations.CreateModel(
            name="ConfigurationChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "what",
                    models.CharField(
                        choices=[
                            ("ROTA", "On-call rota"),
                            ("EXPERT", "Expert"),
                            ("ESCALATION_TEMPLATE", "Escalation template"),
                            ("NOTE_TEMPLATE", "Note template"),
                        ],
                        max_length=20,
                    ),
                ),
                ("key", models.CharField(max_length=110)),
                ("title", models.CharField(max_length=200)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField(null=True)),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undoes",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="undone_by",
                        to="org.configurationchange",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["what", "-id"], name="change_of_what"),
                    models.Index(fields=["what", "key", "-id"], name="change_of_entry"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("before__isnull", False), ("after__isnull", False), _connector="OR"
                        ),
                        name="change_has_something_before_or_after",
                    )
                ],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
