"""A promise and the clock that runs for it on a case."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from caseward.org.models import LineOfBusiness, Site


class Measured(models.TextChoices):
    ELAPSED = "ELAPSED", "elapsed time"
    WORKING = "WORKING", "working time"


class ClockKind(models.TextChoices):
    FIRST_RESPONSE = "FIRST_RESPONSE", "First response"
    RESOLUTION = "RESOLUTION", "Resolution"


class Promise(models.Model):
    """How soon we answer or resolve, by line of business and priority."""

    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, related_name="promises")
    priority = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=ClockKind)
    duration = models.DurationField()
    measured = models.CharField(max_length=10, choices=Measured)
    site = models.ForeignKey(
        Site, models.DO_NOTHING, null=True, db_index=False
    )  # whose working hours count

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lob", "priority", "kind"], name="promise_once"),
            models.CheckConstraint(
                name="promise_in_working_time_names_a_site",
                condition=Q(measured="ELAPSED") | Q(site__isnull=False),
            ),
        ]


class Clock(models.Model):
    """A running promise on a case.

    The deadline is always recomputed from the facts kept here: start, duration, pauses. `pauses`
    holds pairs of UTC seconds `[from, to, from, to, …]`; an odd count means paused now.
    """

    case = models.ForeignKey(
        "casework.Case", models.DB_CASCADE, related_name="clocks", db_index=False
    )
    kind = models.CharField(max_length=20, choices=ClockKind)
    duration = models.DurationField()
    measured = models.CharField(max_length=10, choices=Measured)
    site = models.ForeignKey(Site, models.DO_NOTHING, null=True, db_index=False)
    started_at = models.DateTimeField()
    pauses = ArrayField(models.BigIntegerField(), default=list)
    deadline_at = models.DateTimeField(null=True)  # None while paused
    stopped_at = models.DateTimeField(null=True)
    was_met = models.BooleanField(null=True)  # None while it runs and while it is not yet missed

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "kind"], name="clock_once_a_case"),
            models.CheckConstraint(
                name="clock_stopped_has_an_outcome",
                condition=Q(stopped_at__isnull=True) | Q(was_met__isnull=False),
            ),
            models.CheckConstraint(
                name="clock_stops_after_its_start",
                condition=Q(stopped_at__isnull=True) | Q(stopped_at__gte=F("started_at")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["deadline_at"],
                name="clock_due",
                condition=Q(stopped_at__isnull=True, was_met__isnull=True),
            ),
        ]
