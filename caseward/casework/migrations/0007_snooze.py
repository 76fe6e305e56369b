"""A case can be hidden from those who work until a time."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0006_fewer_indexes"),
        ("org", "0006_routing_rights"),
        ("policy", "0003_to_route_by"),
        ("routing", "0004_availability_rights"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_waiting_list",
        ),
        migrations.AddField(
            model_name="case",
            name="snoozed_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="snoozed",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="snoozed_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="case",
            name="snoozed_why",
            field=models.CharField(blank=True, db_default="", max_length=200),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(
                    ("assignee__isnull", True),
                    ("status__in", ["NEW", "OPEN", "REOPENED", "ESCALATED"]),
                ),
                fields=["queue", "urgency", "id"],
                include=(
                    "vendor",
                    "lob",
                    "status",
                    "priority",
                    "reason",
                    "channel",
                    "snoozed_until",
                ),
                name="case_waiting_list",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("snoozed_until__isnull", False)),
                fields=["snoozed_until", "id"],
                name="case_snoozed",
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("snoozed_by__isnull", True),
                        ("snoozed_until__isnull", True),
                        ("snoozed_why", ""),
                    ),
                    models.Q(
                        ("snoozed_by__isnull", False),
                        ("snoozed_until__isnull", False),
                        models.Q(("snoozed_why", ""), _negated=True),
                        models.Q(("status__in", ["RESOLVED", "CLOSED"]), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="case_snoozed_by_somebody_and_unfinished",
            ),
        ),
    ]
