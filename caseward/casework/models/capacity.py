"""Where caps on exposure left nobody for cases that wait."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caseward.casework.models.case import Case
from caseward.routing.models import Queue


class CapacityIncident(models.Model):
    """Nobody at work in a queue may take cases of one kind: people are missing, not a rule.

    `caps` names the caps involved and nobody they hold for; `free_at` is when the first of them
    lets go. It ends by itself.

    An overrun says that work in the queue lasted longer than a cap allows. It names an hour, and
    neither a case nor a person.
    """

    queue = models.ForeignKey(Queue, models.DB_CASCADE, related_name="+")
    severity = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=30, blank=True)
    case = models.ForeignKey(Case, models.DB_CASCADE, null=True, related_name="+")  # most urgent
    is_overrun = models.BooleanField(default=False, db_default=False)
    cases = models.PositiveIntegerField()
    at_work = models.PositiveIntegerField()
    caps = ArrayField(models.CharField(max_length=20), default=list)
    due_at = models.DateTimeField(null=True)
    free_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["queue", "severity", "category"],
                condition=Q(ended_at__isnull=True),
                name="capacity_incident_once",
            ),
            models.UniqueConstraint(
                fields=["queue", "severity", "opened_at"],
                condition=Q(is_overrun=True),
                name="capacity_overrun_once_an_hour",
            ),
            models.CheckConstraint(
                name="capacity_overrun_names_no_case",
                condition=Q(is_overrun=True, case__isnull=True, category="", due_at__isnull=True)
                | Q(is_overrun=False, case__isnull=False),
            ),
            models.CheckConstraint(
                name="capacity_incident_ends_later",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("opened_at")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-opened_at"], name="capacity_incident_when")]
