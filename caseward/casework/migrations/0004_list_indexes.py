"""Indexes that serve the desk's lists alone, without reading the cases they skip or count."""

from django.db import migrations, models
from django.db.models import Q

WAITING = Q(assignee__isnull=True, status__in=["NEW", "OPEN", "REOPENED", "ESCALATED"])
UNFINISHED = ~Q(status__in=["RESOLVED", "CLOSED"])


class Migration(migrations.Migration):
    dependencies = [("casework", "0003_stricter_vendor_rights")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["queue", "urgency", "id"],
                name="case_waiting_list",
                include=["vendor", "lob", "status", "priority", "reason", "channel"],
                condition=WAITING,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["queue", "urgency", "id"],
                name="case_unfinished_list",
                include=["vendor", "lob", "status", "assignee", "priority", "reason", "channel"],
                condition=UNFINISHED,
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                fields=["assignee", "resolved_at", "id"],
                name="case_resolved_by",
                condition=Q(resolved_at__isnull=False),
            ),
        ),
        migrations.RemoveIndex(model_name="case", name="case_waiting"),
        migrations.RemoveIndex(model_name="case", name="case_unfinished"),
    ]
