"""An incident: one cause behind many cases, such as a campaign of hijacked accounts."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.casework.models.case import Case
from caseward.org.models import LineOfBusiness, StaffMember


class Incident(models.Model):
    """What gathers cases with one cause. `is_shared`: vendors of its line may add cases to it."""

    title = models.CharField(max_length=120)
    lob = models.ForeignKey(LineOfBusiness, models.DO_NOTHING)
    summary = models.TextField(blank=True)
    is_shared = models.BooleanField(default=True)
    parent = models.ForeignKey(Case, models.DO_NOTHING, null=True, related_name="+", db_index=False)
    opened_by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    opened_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    closed_at = models.DateTimeField(null=True)
    closing_note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="incident_closed_by_somebody",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["lob", "-opened_at"],
                name="incident_open",
                condition=Q(closed_at__isnull=True),
            ),
        ]


class IncidentCase(models.Model):
    """A case that belongs to an incident; it can belong to one at a time."""

    incident = models.ForeignKey(Incident, models.DB_CASCADE, related_name="cases")
    case = models.OneToOneField(Case, models.DB_CASCADE, related_name="incident_case")
    added_by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    added_at = models.DateTimeField()
