"""What leads change on screen: trials of pages, experts by reason, what a template asked, its uses.

Rotas and their trials stay in-house. A vendor's staff count a template in a note of their own.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
SEES_NOTE = "EXISTS (SELECT FROM casework_message m WHERE m.id = message_id)"
WROTE_IT = (
    f"EXISTS (SELECT FROM casework_message m WHERE m.id = message_id AND m.author_id = {STAFF})"
)

RIGHTS = f"""
GRANT SELECT, INSERT, UPDATE, DELETE ON casework_oncalltrial, casework_notetemplateuse TO cw_staff;
GRANT SELECT, INSERT ON casework_notetemplateuse TO cw_vendor;
GRANT USAGE ON SEQUENCE casework_oncalltrial_id_seq TO cw_staff;
GRANT USAGE ON SEQUENCE casework_notetemplateuse_id_seq TO cw_staff, cw_vendor;

ALTER TABLE casework_oncalltrial ENABLE ROW LEVEL SECURITY;
ALTER TABLE casework_notetemplateuse ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON casework_oncalltrial TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY everything ON casework_notetemplateuse TO cw_staff USING (true) WITH CHECK (true);
CREATE POLICY vendor_reads ON casework_notetemplateuse FOR SELECT TO cw_vendor USING ({SEES_NOTE});
CREATE POLICY vendor_notes ON casework_notetemplateuse FOR INSERT TO cw_vendor
    WITH CHECK ({WROTE_IT});
"""

UNDO = """
DROP POLICY vendor_notes ON casework_notetemplateuse;
DROP POLICY vendor_reads ON casework_notetemplateuse;
DROP POLICY everything ON casework_notetemplateuse;
DROP POLICY everything ON casework_oncalltrial;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0024_coming_back"),
        ("policy", "0011_note_templates_in_languages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="escalation",
            name="asked",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.AddField(
            model_name="expert",
            name="reasons",
            field=models.JSONField(db_default=models.Value([], models.JSONField()), default=list),
        ),
        migrations.CreateModel(
            name="OnCallTrial",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                (
                    "rota",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="trials",
                        to="casework.oncallrota",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "staff",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="staffalert",
            name="trial",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.DB_CASCADE,
                related_name="alerts",
                to="casework.oncalltrial",
            ),
        ),
        migrations.CreateModel(
            name="NoteTemplateUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="note_template_uses",
                        to="casework.message",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="uses",
                        to="policy.notetemplate",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("message", "template"), name="note_template_use_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="oncalltrial",
            index=models.Index(fields=["rota", "staff", "-sent_at"], name="trial_of_place"),
        ),
        migrations.AddConstraint(
            model_name="oncalltrial",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("acknowledged_at__isnull", True),
                    ("acknowledged_at__gte", models.F("sent_at")),
                    _connector="OR",
                ),
                name="trial_comes_before_its_answer",
            ),
        ),
        migrations.RunSQL(RIGHTS, UNDO),
    ]
