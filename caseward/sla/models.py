"""A promise, the clock that runs for it on a case, and what became of a clock that was missed."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from caseward.org.models import LineOfBusiness, Site, StaffMember
from caseward.policy.legal.models import LegalVersion


class Measured(models.TextChoices):
    """In which time a promise counts. A month is kept as thirty days in a duration."""

    ELAPSED = "ELAPSED", _("elapsed time")
    WORKING = "WORKING", _("working time")
    DAYS = "DAYS", _("calendar days")
    MONTHS = "MONTHS", _("calendar months")
    BUSINESS_DAYS = "BUSINESS_DAYS", _("business days")


class ClockKind(models.TextChoices):
    ACKNOWLEDGE = "ACKNOWLEDGE", _("Acknowledgement")
    FIRST_RESPONSE = "FIRST_RESPONSE", _("First response")
    NEXT_RESPONSE = "NEXT_RESPONSE", _("Next response")
    ESCALATION_PICKUP = "ESCALATION_PICKUP", _("Escalation picked up")
    TIER_2_DECISION = "TIER_2_DECISION", _("Decision of tier 2")
    RESOLUTION = "RESOLUTION", _("Resolution")
    # What laws ask for.
    ACK = "ACK", _("Receipt confirmed")
    INTERIM_MEASURE = "INTERIM_MEASURE", _("Interim measure")
    STATUS_NOTICE = "STATUS_NOTICE", _("Notice of the status")
    DECISION = "DECISION", _("Decision")
    REVERSAL = "REVERSAL", _("Carried out or reversed")
    NOTIFY_AUTHOR = "NOTIFY_AUTHOR", _("Notice to the author")
    NOTIFY_REPORTER = "NOTIFY_REPORTER", _("Notice to the reporter")
    REGULATOR_ORDER = "REGULATOR_ORDER", _("Order of an authority")
    REFERRAL = "REFERRAL", _("Report to an authority")
    # What others may do until then, or what must be kept or erased: no work of ours to hurry.
    USER_WINDOW = "USER_WINDOW", _("Time to object")
    PRESERVATION = "PRESERVATION", _("To be preserved")
    ERASURE = "ERASURE", _("To be erased")
    EXTERNAL_BODY = "EXTERNAL_BODY", _("Outside body decides")


NOT_OUR_WORK = (
    ClockKind.USER_WINDOW,
    ClockKind.PRESERVATION,
    ClockKind.ERASURE,
    ClockKind.EXTERNAL_BODY,
)
# These would tell a vendor's staff of a report to an authority.
IN_HOUSE_ONLY = (ClockKind.REFERRAL, ClockKind.REGULATOR_ORDER, ClockKind.PRESERVATION)


class Promise(models.Model):
    """How soon we answer or resolve, by line of business and priority.

    Working time is that of a site, or of a market: a country such as `MY`, or a part of one such
    as `MY-KUL`.
    """

    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, related_name="promises")
    priority = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=ClockKind)
    duration = models.DurationField()
    measured = models.CharField(max_length=13, choices=Measured)
    site = models.ForeignKey(
        Site, models.DO_NOTHING, null=True, db_index=False
    )  # whose working hours count
    market = models.CharField(max_length=6, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lob", "priority", "kind"], name="promise_once"),
            models.CheckConstraint(
                name="promise_in_working_time_names_a_place",
                condition=Q(measured="ELAPSED") | Q(site__isnull=False) | ~Q(market=""),
            ),
        ]


class Clock(models.Model):
    """A running promise on a case.

    The deadline is always recomputed from the facts kept here: start, duration, pauses. `pauses`
    holds pairs of UTC seconds `[from, to, from, to, …]`; an odd count means paused now.

    `stage` names the stage of the legal preset it runs for, such as `MY-ONSA-22.ack`; it is empty
    for our own promises. `because` says which facts of the case matched that preset. `turn` 0 is
    the clock that counts; earlier ones of its kind and stage are numbered upwards.
    """

    case = models.ForeignKey(
        "casework.Case", models.DB_CASCADE, related_name="clocks", db_index=False
    )
    kind = models.CharField(max_length=20, choices=ClockKind)
    stage = models.CharField(max_length=60, default="", db_default="")
    turn = models.PositiveSmallIntegerField(default=0, db_default=0)
    preset = models.ForeignKey(LegalVersion, models.DO_NOTHING, null=True, db_index=False)
    because = models.JSONField(default=dict, db_default={})
    duration = models.DurationField()
    measured = models.CharField(max_length=13, choices=Measured)
    site = models.ForeignKey(Site, models.DO_NOTHING, null=True, db_index=False)
    market = models.CharField(max_length=6, default="", db_default="")
    is_pausable = models.BooleanField(default=True, db_default=True)
    started_at = models.DateTimeField()
    pauses = ArrayField(models.BigIntegerField(), default=list)
    deadline_at = models.DateTimeField(null=True)  # None while paused
    warns_at = models.DateTimeField(null=True)  # when somebody is to be warned next
    stopped_at = models.DateTimeField(null=True)
    was_met = models.BooleanField(null=True)  # None while it runs and while it is not yet missed

    class Meta:
        constraints: ClassVar = [
            # Every question about the clocks of a case is served by this one too.
            models.UniqueConstraint(
                fields=["case", "kind", "stage", "turn"], name="clock_once_a_turn"
            ),
            models.CheckConstraint(
                name="clock_of_an_earlier_turn_has_stopped",
                condition=Q(turn=0) | Q(stopped_at__isnull=False),
            ),
            models.CheckConstraint(
                name="clock_of_a_stage_has_its_preset",
                condition=Q(stage="") ^ Q(preset__isnull=False),
            ),
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
            models.Index(
                fields=["warns_at"],
                name="clock_warns",
                condition=Q(stopped_at__isnull=True, was_met__isnull=True, warns_at__isnull=False),
            ),
        ]


class Miss(models.Model):
    """A clock that was missed: somebody must say why."""

    class Cause(models.TextChoices):
        DEMAND = "DEMAND", _("More came in than was expected")
        ABSENCE = "ABSENCE", _("People were away")
        ROUTING = "ROUTING", _("It went to the wrong people")
        WAITED_FOR_OTHERS = "WAITED_FOR_OTHERS", _("We waited for somebody else")
        HARD = "HARD", _("The case was harder than most")
        TOOL = "TOOL", _("A tool failed")
        OVERLOOKED = "OVERLOOKED", _("It was overlooked")
        RULE = "RULE", _("The promise or the rule is wrong")

    clock = models.OneToOneField(Clock, models.DB_CASCADE, related_name="miss", primary_key=True)
    case = models.ForeignKey(
        "casework.Case", models.DB_CASCADE, related_name="misses", db_index=False
    )
    kind = models.CharField(max_length=20, choices=ClockKind)
    is_legal = models.BooleanField()
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, db_index=False)
    missed_at = models.DateTimeField()
    cause = models.CharField(max_length=20, choices=Cause, blank=True)
    text = models.CharField(max_length=500, blank=True)
    explained_by = models.ForeignKey(StaffMember, models.DO_NOTHING, null=True, db_index=False)
    explained_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="miss_explained_has_cause_and_author",
                condition=Q(explained_at__isnull=True, explained_by__isnull=True, cause="")
                | (Q(explained_at__isnull=False, explained_by__isnull=False) & ~Q(cause="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["missed_at", "clock"], name="miss_list"),
            models.Index(
                fields=["missed_at", "clock"],
                name="miss_unexplained",
                condition=Q(explained_at__isnull=True),
            ),
        ]


class Hold(models.Model):
    """Why nothing of a case may be erased for now: an open appeal, or a legal hold."""

    class Kind(models.TextChoices):
        APPEAL = "APPEAL", _("An appeal is open")
        LEGAL_HOLD = "LEGAL_HOLD", _("A legal hold")

    case = models.ForeignKey("casework.Case", models.DB_CASCADE, related_name="holds")
    kind = models.CharField(max_length=10, choices=Kind)
    why = models.CharField(max_length=200, blank=True)
    placed_at = models.DateTimeField()
    lapses_at = models.DateTimeField(null=True)  # None: until it is lifted
    lifted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="hold_lapses_after_it_is_placed",
                condition=Q(lapses_at__isnull=True) | Q(lapses_at__gt=F("placed_at")),
            ),
        ]


class Recount(models.Model):
    """One time that running clocks were worked out again, and how far it has come.

    Each is of one half of the cases, those with even numbers or with odd ones, so that two can be
    under way at once and never meet.

    `facts` are the digests of the calendars and promises it was done under, by their name.
    """

    half = models.PositiveSmallIntegerField(default=0, db_default=0)  # case number modulo 2
    facts = models.JSONField()
    changed = models.JSONField(default=list)  # which of them differ from the recount before
    started_at = models.DateTimeField()
    after_id = models.BigIntegerField(default=0)  # every clock up to here is done
    busy_ids = ArrayField(models.BigIntegerField(), default=list)  # held by others when passed
    looked_at = models.PositiveIntegerField(default=0)
    moved = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["half", "finished_at"],
                name="recount_one_at_a_time",
                condition=Q(finished_at__isnull=True),
                nulls_distinct=False,
            ),
        ]
