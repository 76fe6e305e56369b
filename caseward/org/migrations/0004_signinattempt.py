"""Attempts to sign in, counted to slow down guessing."""

from django.db import migrations, models

RIGHTS = """
GRANT SELECT, INSERT, DELETE ON org_signinattempt TO cw_staff;
GRANT USAGE ON SEQUENCE org_signinattempt_id_seq TO cw_staff;
"""


class Migration(migrations.Migration):
    dependencies = [("org", "0003_revision")]

    operations = [
        migrations.CreateModel(
            name="SignInAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("account", models.BinaryField(max_length=32)),
                ("address", models.BinaryField(max_length=32)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["account", "at"], name="attempt_by_account"),
                    models.Index(fields=["address", "at"], name="attempt_by_address"),
                ],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
