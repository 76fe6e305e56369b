"""The queue where cases of one tier, vendor, LOB and language wait, and who is available."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.org.models import Language, LineOfBusiness, StaffMember, Vendor
from caseward.routing.rules.stored import RuleSet as RuleSet
from caseward.routing.rules.stored import RuleTrial as RuleTrial
from caseward.routing.rules.stored import TriedCase as TriedCase


class Queue(models.Model):
    class Mode(models.TextChoices):
        PULL = "PULL", "Agents take the next case"
        PUSH = "PUSH", "Cases are offered to agents"

    tier = models.PositiveSmallIntegerField()
    vendor = models.ForeignKey(Vendor, models.DO_NOTHING, null=True)
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE)
    language = models.CharField(max_length=2, choices=Language)
    mode = models.CharField(max_length=4, choices=Mode, default=Mode.PULL, db_default=Mode.PULL)
    is_paused = models.BooleanField(default=False, db_default=False)  # nothing is handed out

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tier", "vendor", "lob", "language"],
                name="queue_once",
                nulls_distinct=False,
            ),
        ]


class Availability(models.Model):
    """What somebody is doing now; every change is an event of that person in the ledger."""

    class State(models.TextChoices):
        AVAILABLE = "AVAILABLE", "Available"
        BUSY = "BUSY", "Busy"
        BREAK = "BREAK", "On a break"
        TRAINING = "TRAINING", "In training"
        DECOMPRESSING = "DECOMPRESSING", "Decompressing"
        OFF = "OFF", "Off"

    staff = models.OneToOneField(
        StaffMember, models.DB_CASCADE, primary_key=True, related_name="availability"
    )
    state = models.CharField(max_length=13, choices=State, default=State.OFF)
    why = models.CharField(max_length=200, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # when it ends by itself and the person is available
    seen_at = models.DateTimeField()  # when their page was last heard of: an offer needs somebody

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="availability_ends_after_it_starts",
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
            ),
        ]


class Borrow(models.Model):
    """Somebody takes cases from one queue of theirs and no other, until a moment: a lead asked."""

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="borrows")
    queue = models.ForeignKey(Queue, models.DB_CASCADE, related_name="borrows")
    by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    why = models.CharField(max_length=200, blank=True)
    starts_at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # None: it still counts

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["staff"], condition=Q(ended_at__isnull=True), name="borrow_one_at_once"
            ),
            models.CheckConstraint(
                name="borrow_ends_after_it_starts", condition=Q(until__gt=models.F("starts_at"))
            ),
        ]


class QueuePause(models.Model):
    """Why nothing is handed out from a paused queue, and when that ends by itself."""

    queue = models.OneToOneField(Queue, models.DB_CASCADE, primary_key=True, related_name="pause")
    by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    why = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # None: until a lead resumes it

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="queue_pause_ends_after_it_starts",
                condition=Q(until__isnull=True) | Q(until__gt=models.F("since")),
            ),
        ]
