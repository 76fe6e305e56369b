"""Addresses that want no surveys, as hashes; only Caseward itself and in-house staff see them."""

from django.db import migrations, models

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON quality_nosurveys TO cw_staff;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO cw_staff;

ALTER TABLE quality_nosurveys ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON quality_nosurveys TO cw_staff USING (true) WITH CHECK (true);
"""

UNDO = """
DROP POLICY everything ON quality_nosurveys;
ALTER TABLE quality_nosurveys DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [("quality", "0002_rights")]

    operations = [
        migrations.CreateModel(
            name="NoSurveys",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address_hash", models.CharField(max_length=64, unique=True)),
                ("since", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(RIGHTS, UNDO),
    ]
