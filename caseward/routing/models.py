"""Queues, who is available, what is offered to whom, and where work goes that cannot wait."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.org.models import Language, LineOfBusiness, Site, StaffMember, Vendor
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


class Capacity(models.Model):
    """How much of a channel somebody holds at once; the row without a channel is for all together.

    Cases that wait for the requester take no room.
    """

    channel = models.CharField(max_length=10, unique=True, blank=True)
    units = models.FloatField(default=1.0)  # what one case of the channel takes
    at_most = models.FloatField()  # units in one pair of hands

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="capacity_is_something", condition=Q(units__gt=0, at_most__gt=0)
            ),
        ]


class Exclusion(models.Model):
    """Somebody who may not work a case, having had a part in what it is about."""

    case = models.ForeignKey("casework.Case", models.DB_CASCADE, related_name="exclusions")
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="+", db_index=False)
    why = models.CharField(max_length=200)
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "staff"], name="exclusion_once"),
        ]


class Offer(models.Model):
    """A case offered to somebody: theirs when they accept it in time, somebody else's otherwise."""

    class Outcome(models.TextChoices):
        ACCEPTED = "ACCEPTED", "Accepted"
        DECLINED = "DECLINED", "Passed on"
        TIMED_OUT = "TIMED_OUT", "Not answered in time"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    case = models.ForeignKey("casework.Case", models.DB_CASCADE, related_name="offers")
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="offers")
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=9, choices=Outcome, blank=True)
    why = models.JSONField(default=dict)  # the reasons of the choice, as an assignment keeps them

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(outcome=""), name="offer_one_open_a_case"
            ),
            models.UniqueConstraint(
                fields=["staff"], condition=Q(outcome=""), name="offer_one_open_a_person"
            ),
            models.CheckConstraint(
                name="offer_answered_has_an_outcome",
                condition=Q(outcome="") ^ Q(answered_at__isnull=False),
            ),
            models.CheckConstraint(
                name="offer_expires_after_it_is_made",
                condition=Q(expires_at__gt=models.F("offered_at")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["expires_at"], name="offer_open", condition=Q(outcome="")),
        ]


class OverflowRule(models.Model):
    """Where waiting cases go when their own queues cannot keep up.

    What is None or blank in `from_…` stands for any; all conditions that are given must hold. A
    case goes to the queue of the tier and vendor named, in its own line of business and language.
    """

    key = models.SlugField(unique=True)
    from_tier = models.PositiveSmallIntegerField(default=1)
    from_vendor = models.ForeignKey(
        Vendor, models.DB_CASCADE, null=True, related_name="+", db_index=False
    )
    from_lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, null=True, db_index=False)
    from_language = models.CharField(max_length=2, choices=Language, blank=True)
    to_tier = models.PositiveSmallIntegerField()
    to_vendor = models.ForeignKey(
        Vendor, models.DB_CASCADE, null=True, related_name="+", db_index=False
    )
    waiting_over = models.PositiveIntegerField(null=True)  # cases
    oldest_over_minutes = models.PositiveIntegerField(null=True)
    at_risk_over = models.FloatField(null=True)  # share of the waiting due within the hour
    while_closed = models.ForeignKey(
        Site, models.DB_CASCADE, null=True, related_name="+", db_index=False
    )
    at_a_time = models.PositiveIntegerField(default=20)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="overflow_has_a_condition",
                condition=Q(waiting_over__isnull=False)
                | Q(oldest_over_minutes__isnull=False)
                | Q(at_risk_over__isnull=False)
                | Q(while_closed__isnull=False),
            ),
            models.CheckConstraint(
                name="overflow_leads_elsewhere",
                condition=~Q(from_tier=models.F("to_tier"), from_vendor=models.F("to_vendor")),
            ),
            models.CheckConstraint(
                name="overflow_to_tier_1_names_a_vendor",
                condition=Q(to_tier=2, to_vendor__isnull=True)
                | Q(to_tier=1, to_vendor__isnull=False),
            ),
            models.CheckConstraint(
                name="overflow_at_risk_is_a_share",
                condition=Q(at_risk_over__isnull=True) | Q(at_risk_over__gte=0, at_risk_over__lt=1),
            ),
        ]


class HoldBack(models.Model):
    """Leave cases that can wait to people who come on shift soon, never past what they can wait."""

    queue = models.OneToOneField(
        Queue, models.DB_CASCADE, primary_key=True, related_name="hold_back"
    )
    minutes = models.PositiveSmallIntegerField()  # how soon the shift begins


class Weight(models.Model):
    """What a part of the soft order is worth here; a part without a row is worth what is usual."""

    code = models.CharField(max_length=20, unique=True)
    minutes = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="weight_is_some_minutes_of_a_day",
                condition=Q(minutes__gte=0, minutes__lte=1440),
            ),
        ]


class ShareOwed(models.Model):
    """How many cases a vendor is owed under its contract, or has had too many of (below zero).

    Deficit round robin: what one round leaves uneven, the next makes up for.
    """

    share = models.OneToOneField(
        "org.VendorShare", models.DB_CASCADE, primary_key=True, related_name="owed"
    )
    cases = models.FloatField(default=0.0)
    counted_to = models.DateTimeField()  # cases opened before this are in it
