"""Reasons with gates that a case no longer has; PostgreSQL writes them, whoever changes a reason.

A vendor's staff see those of their cases and ask; in-house staff agree in their own name alone.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STAFF = "(SELECT NULLIF(current_setting('app.staff', true), '')::bigint)"
WORKS_CASE = "EXISTS (SELECT FROM casework_case c WHERE c.id = case_id AND c.tier = 1)"

RIGHTS = f"""
GRANT SELECT, UPDATE (asked_by_id, asked_at, agreed_by_id, agreed_at) ON casework_pastreason
    TO cw_staff;
GRANT SELECT, UPDATE (asked_by_id, asked_at) ON casework_pastreason TO cw_vendor;
GRANT INSERT, DELETE ON casework_pastreason TO cw_system;
GRANT USAGE ON SEQUENCE casework_pastreason_id_seq TO cw_system;
ALTER TABLE casework_pastreason ENABLE ROW LEVEL SECURITY;
CREATE POLICY caseward ON casework_pastreason TO cw_system USING (true) WITH CHECK (true);
CREATE POLICY staff_reads ON casework_pastreason FOR SELECT TO cw_staff USING (true);
CREATE POLICY staff_agrees ON casework_pastreason FOR UPDATE TO cw_staff
    USING (true) WITH CHECK (COALESCE(agreed_by_id, {STAFF}) = {STAFF});
CREATE POLICY vendor_reads ON casework_pastreason FOR SELECT TO cw_vendor
    USING (EXISTS (SELECT FROM casework_case c WHERE c.id = case_id));
CREATE POLICY vendor_asks ON casework_pastreason FOR UPDATE TO cw_vendor
    USING ({WORKS_CASE}) WITH CHECK (asked_by_id = {STAFF} AND agreed_by_id IS NULL);
"""

KEPT = """
CREATE FUNCTION casework_keep_past_reason() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
    INSERT INTO casework_pastreason (case_id, reason_id, left_at, left_by_id)
    SELECT OLD.id, OLD.reason_id, NEW.updated_at,
           NULLIF(current_setting('app.staff', true), '')::bigint
    WHERE EXISTS (SELECT FROM policy_playbook p
        JOIN policy_playbookversion v ON v.playbook_id = p.id
        WHERE p.reason_id = OLD.reason_id AND p.is_active AND v.state = 'RELEASED'
            AND v.steps @> '[{"is_gate": true}]')
    ON CONFLICT (case_id, reason_id) DO UPDATE SET left_at = EXCLUDED.left_at,
        left_by_id = EXCLUDED.left_by_id, merged_from_id = NULL, asked_by_id = NULL,
        asked_at = NULL, agreed_by_id = NULL, agreed_at = NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER keeps_past_reason AFTER UPDATE OF reason_id ON casework_case
    FOR EACH ROW WHEN (OLD.reason_id IS NOT NULL AND NEW.reason_id IS DISTINCT FROM OLD.reason_id)
    EXECUTE FUNCTION casework_keep_past_reason();
"""
FORGOTTEN = """
DROP TRIGGER keeps_past_reason ON casework_case;
DROP FUNCTION casework_keep_past_reason;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0025_leads_change"),
        ("policy", "0011_note_templates_in_languages"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PastReason",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("left_at", models.DateTimeField()),
                ("asked_at", models.DateTimeField(null=True)),
                ("agreed_at", models.DateTimeField(null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DB_SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="past_reasons",
                        to="casework.case",
                    ),
                ),
                (
                    "left_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DB_SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "merged_from",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="casework.case",
                    ),
                ),
                (
                    "reason",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.DB_CASCADE,
                        related_name="+",
                        to="policy.reason",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "reason"), name="past_reason_once_a_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("agreed_by__isnull", True),
                            models.Q(
                                models.Q(("agreed_by", models.F("left_by")), _negated=True),
                                models.Q(("agreed_by", models.F("asked_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="past_reason_agreed_by_somebody_else",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_at__isnull", True), ("agreed_by__isnull", True)),
                            models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="past_reason_agreed_by_and_at",
                    ),
                ],
            },
        ),
        migrations.RunSQL(RIGHTS, migrations.RunSQL.noop),
        migrations.RunSQL(KEPT, FORGOTTEN),
    ]
