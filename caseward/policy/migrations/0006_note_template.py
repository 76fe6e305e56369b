"""Skeletons of notes; a vendor's staff never see those for in-house use."""

import django.db.models.deletion
from django.db import migrations, models

RIGHTS = """
GRANT SELECT, INSERT, UPDATE, DELETE ON policy_notetemplate TO cw_staff;
GRANT SELECT ON policy_notetemplate TO cw_vendor;
GRANT USAGE ON SEQUENCE policy_notetemplate_id_seq TO cw_staff;
ALTER TABLE policy_notetemplate ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON policy_notetemplate TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY vendor_reads ON policy_notetemplate FOR SELECT TO cw_vendor
    USING (NOT in_house_only);
CREATE TRIGGER moves_revision AFTER INSERT OR DELETE OR UPDATE ON policy_notetemplate
    FOR EACH STATEMENT EXECUTE FUNCTION org_revision_move();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0007_language"),
        ("policy", "0005_escalation_template_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="NoteTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.SlugField(unique=True)),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("in_house_only", models.BooleanField(default=False)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "lob",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        to="org.lineofbusiness",
                    ),
                ),
            ],
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
    ]
