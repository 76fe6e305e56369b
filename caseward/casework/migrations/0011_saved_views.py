"""Views that leads share, one's own order of cases, and how somebody wants their desk."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
MY_TEAM = f"(SELECT s.team_id FROM org_staffmember s WHERE s.id = {STAFF})"
SEES_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id)"

RIGHTS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_preference, casework_personalplace
    TO cw_staff, cw_vendor;
GRANT USAGE ON SEQUENCE casework_personalplace_id_seq TO cw_staff, cw_vendor;
ALTER TABLE casework_preference ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_personalplace ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON casework_preference TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY everything ON casework_personalplace TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY vendor_uses ON casework_preference TO cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF});
CREATE POLICY vendor_uses ON casework_personalplace TO cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF} AND {SEES_CASE});

DROP POLICY vendor_uses ON casework_savedfilter;
CREATE POLICY vendor_uses ON casework_savedfilter TO cw_vendor
    USING (staff_id = {STAFF})
    WITH CHECK (staff_id = {STAFF} AND team_id IS NULL AND lob_id IS NULL);
CREATE POLICY vendor_reads ON casework_savedfilter FOR SELECT TO cw_vendor
    USING (team_id = {MY_TEAM});
"""

UNDO = f"""
DROP POLICY vendor_reads ON casework_savedfilter;
DROP POLICY vendor_uses ON casework_savedfilter;
CREATE POLICY vendor_uses ON casework_savedfilter TO cw_vendor
    USING (staff_id = {STAFF}) WITH CHECK (staff_id = {STAFF});
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0010_escalation_rights"),
        ("org", "0007_language"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PersonalPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "staff",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        primary_key=True,
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("is_split", models.BooleanField(default=False)),
                (
                    "after_sending",
                    models.CharField(
                        choices=[
                            ("STAY", "Stay on the case"),
                            ("NEXT", "Go to the next case in the list"),
                            ("LIST", "Go back to the list"),
                        ],
                        default="STAY",
                        max_length=4,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="lob",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.DB_CASCADE, to="org.lineofbusiness"
            ),
        ),
        migrations.AddField(
            model_name="savedfilter",
            name="team",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.DB_CASCADE, to="org.team"
            ),
        ),
        migrations.AddConstraint(
            model_name="savedfilter",
            constraint=models.CheckConstraint(
                condition=models.Q(("team__isnull", True), ("lob__isnull", True), _connector="OR"),
                name="saved_filter_shared_with_a_team_or_a_lob",
            ),
        ),
        migrations.AddField(
            model_name="personalplace",
            name="case",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DB_CASCADE, related_name="+", to="casework.case"
            ),
        ),
        migrations.AddField(
            model_name="personalplace",
            name="staff",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.DB_CASCADE,
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="personalplace",
            constraint=models.UniqueConstraint(
                fields=("staff", "case"), name="personal_place_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="personalplace",
            constraint=models.CheckConstraint(
                condition=models.Q(("rank__gte", 1), ("rank__lte", 500)),
                name="personal_place_1_to_500",
            ),
        ),
        migrations.RunSQL(RIGHTS, UNDO),
    ]
