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
    """

    queue = models.ForeignKey(Queue, models.DB_CASCADE, related_name="+")
    severity = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=30, blank=True)
    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="+")  # the most urgent
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
            models.CheckConstraint(
                name="capacity_incident_ends_later",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("opened_at")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-opened_at"], name="capacity_incident_when")]
