"""Imminent harm: who was paged, what two people decided, what was disclosed to whom."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from caseward.casework.models.case import Case
from caseward.casework.models.on_call import OnCallRota
from caseward.org.models import Region, StaffMember


class Emergency(models.Model):
    """Somebody may come to harm soon. What tier 1 may see of it; the worksheet is in-house.

    `before` is what the case was, to put it back after a false alarm.
    """

    class State(models.TextChoices):
        PAGING = "PAGING", "Paging the people on call"
        IN_HAND = "IN_HAND", "In hand"
        DECIDED = "DECIDED", "Decided"
        ENDED = "ENDED", "Ended"
        FALSE_ALARM = "FALSE_ALARM", "False alarm"

    RUNNING: ClassVar = ["PAGING", "IN_HAND", "DECIDED"]

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="emergencies")
    state = models.CharField(max_length=11, choices=State, default=State.PAGING)
    raised_by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    raised_at = models.DateTimeField()
    region = models.ForeignKey(Region, models.DO_NOTHING, null=True, db_index=False)
    before = models.JSONField(default=dict)
    acknowledged_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    acknowledged_at = models.DateTimeField(null=True)
    decision_due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(state__in=["PAGING", "IN_HAND", "DECIDED"]),
                name="emergency_one_running_a_case",
            ),
            models.CheckConstraint(
                name="emergency_ended_has_its_time",
                condition=Q(state__in=["ENDED", "FALSE_ALARM"]) ^ Q(ended_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-raised_at"],
                name="emergency_running",
                condition=Q(state__in=["PAGING", "IN_HAND", "DECIDED"]),
            ),
        ]


class EmergencyPage(models.Model):
    """Somebody on call was asked to take an emergency, and has until `pass_on_at` to say yes."""

    emergency = models.ForeignKey(Emergency, models.DB_CASCADE, related_name="pages")
    nth = models.PositiveSmallIntegerField()
    staff = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    rota = models.ForeignKey(OnCallRota, models.DB_SET_NULL, null=True, db_index=False)
    paged_at = models.DateTimeField()
    pass_on_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emergency", "nth"], name="page_numbered_once"),
            models.CheckConstraint(
                name="page_is_taken_or_missed",
                condition=Q(acknowledged_at__isnull=True) | Q(missed_at__isnull=True),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["pass_on_at"],
                name="page_to_pass_on",
                condition=Q(acknowledged_at__isnull=True, missed_at__isnull=True),
            ),
        ]


class Worksheet(models.Model):
    """The fixed questions of an emergency, answered by one person and approved by another."""

    class Decision(models.TextChoices):
        DISCLOSE = "DISCLOSE", "Disclose to an agency"
        WELFARE_CHECK = "WELFARE_CHECK", "Ask for a welfare check"
        RESOURCES = "RESOURCES", "Crisis resources sent, no disclosure"
        SAFE = "SAFE", "User confirmed safe"
        UNABLE = "UNABLE", "Unable to locate"
        NOT_IMMINENT = "NOT_IMMINENT", "Not imminent"

    DISCLOSING: ClassVar = ["DISCLOSE", "WELFARE_CHECK"]

    emergency = models.OneToOneField(
        Emergency, models.DB_CASCADE, primary_key=True, related_name="worksheet"
    )
    who = models.TextField(blank=True)
    where = models.TextField(blank=True)
    what = models.TextField(blank=True)
    when = models.TextField(blank=True)
    why_imminent = models.TextField(blank=True)
    what_data = models.TextField(blank=True)
    legal_basis = models.TextField(blank=True)
    decision = models.CharField(max_length=13, choices=Decision, blank=True)
    drafted_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    drafted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="worksheet_is_approved_by_another",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")),
            ),
            models.CheckConstraint(
                name="worksheet_is_approved_with_a_decision",
                condition=Q(approved_by__isnull=True)
                | (~Q(decision="") & Q(drafted_by__isnull=False, approved_at__isnull=False)),
            ),
        ]


class Disclosure(models.Model):
    """What was given to which agency; a row is written once and never changed."""

    emergency = models.ForeignKey(Emergency, models.DO_NOTHING, related_name="disclosures")
    agency = models.CharField(max_length=200)
    contact = models.CharField(max_length=200)  # whom, and how they were verified
    what_data = models.TextField()
    legal_basis = models.TextField()
    disclosed_at = models.DateTimeField()
    disclosed_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, related_name="+", db_index=False
    )
    approved_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="disclosure_is_approved_by_another",
                condition=~Q(disclosed_by=F("approved_by")),
            ),
        ]
