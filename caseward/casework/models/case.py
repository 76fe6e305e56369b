"""The case."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caseward.org.models import Language, LineOfBusiness, StaffMember, Vendor
from caseward.policy.models import Disposition, Reason
from caseward.routing.models import Queue


class Case(models.Model):
    """One person's problem, from first contact to final answer.

    `urgency` orders work: ten times the UTC second of the tightest running deadline, plus the
    priority; a case whose clocks are all paused or stopped comes after every running one.

    Cases are written more often than anything: a foreign key that an index below serves, or that
    nothing looks up, has no index of its own.

    A snoozed case is hidden from those who work until a time, or until the requester writes; its
    clocks run on.
    """

    class Status(models.TextChoices):
        NEW = "NEW", _("New")
        OPEN = "OPEN", _("Open")
        PENDING = "PENDING", _("Pending on the requester")
        ESCALATED = "ESCALATED", _("Escalated")
        RESOLVED = "RESOLVED", _("Resolved")
        CLOSED = "CLOSED", _("Closed")
        REOPENED = "REOPENED", _("Reopened")

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", _("E-mail")
        FORM = "FORM", _("Web form")
        IN_APP = "IN_APP", _("In-app feedback")
        APPEAL = "APPEAL", _("Appeal")
        INTERNAL = "INTERNAL", _("Internal form")

    WAITING: ClassVar = ["NEW", "OPEN", "REOPENED", "ESCALATED"]
    UNFINISHED: ClassVar = [*WAITING, "PENDING"]
    FINISHED: ClassVar = ["RESOLVED", "CLOSED"]
    NOTHING_RUNNING: ClassVar = 10**11  # a UTC second no deadline reaches

    reference = models.CharField(max_length=13)
    title = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status, default=Status.NEW)
    priority = models.PositiveSmallIntegerField()
    channel = models.CharField(max_length=10, choices=Channel)
    language = models.CharField(max_length=2, choices=Language)
    country = models.CharField(max_length=2, blank=True)
    lob = models.ForeignKey(LineOfBusiness, models.DO_NOTHING, db_index=False)
    reason = models.ForeignKey(Reason, models.DO_NOTHING, null=True, db_index=False)
    disposition = models.ForeignKey(Disposition, models.DO_NOTHING, null=True, db_index=False)
    tier = models.PositiveSmallIntegerField(default=1)
    vendor = models.ForeignKey(Vendor, models.DO_NOTHING, null=True)
    queue = models.ForeignKey(Queue, models.DO_NOTHING, db_index=False)
    assignee = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="cases", db_index=False
    )
    urgency = models.BigIntegerField(default=10 * NOTHING_RUNNING)
    tags = ArrayField(models.CharField(max_length=40), default=list)
    opened_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    first_replied_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    merged_into = models.ForeignKey("self", models.DO_NOTHING, null=True, related_name="merged")
    snoozed_until = models.DateTimeField(null=True)
    snoozed_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="snoozed", db_index=False
    )
    snoozed_why = models.CharField(max_length=200, blank=True, db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["reference"], name="case_reference_once"),
            models.CheckConstraint(
                name="case_finished_has_its_time",
                condition=Q(status__in=["RESOLVED", "CLOSED"]) ^ Q(resolved_at__isnull=True),
            ),
            models.CheckConstraint(
                name="case_priority_1_to_4", condition=Q(priority__gte=1, priority__lte=4)
            ),
            models.CheckConstraint(name="case_tier_is_1_or_2", condition=Q(tier__in=[1, 2])),
            models.CheckConstraint(
                name="case_in_tier_1_has_a_vendor", condition=Q(tier=2) | Q(vendor__isnull=False)
            ),
            models.CheckConstraint(
                name="case_merged_is_closed",
                condition=Q(merged_into__isnull=True) | Q(status="CLOSED"),
            ),
            models.CheckConstraint(
                name="case_snoozed_by_somebody_and_unfinished",
                condition=Q(snoozed_until__isnull=True, snoozed_by__isnull=True, snoozed_why="")
                | (
                    Q(snoozed_until__isnull=False, snoozed_by__isnull=False)
                    & ~Q(snoozed_why="")
                    & ~Q(status__in=["RESOLVED", "CLOSED"])
                ),
            ),
        ]
        indexes: ClassVar = [
            # What lists are narrowed by lies in the index too, so that counting reads no rows.
            models.Index(
                fields=["queue", "urgency", "id"],
                name="case_waiting_list",
                include=[
                    "vendor",
                    "lob",
                    "status",
                    "priority",
                    "reason",
                    "channel",
                    "snoozed_until",
                ],
                condition=Q(
                    assignee__isnull=True, status__in=["NEW", "OPEN", "REOPENED", "ESCALATED"]
                ),
            ),
            models.Index(
                fields=["queue", "urgency", "id"],
                name="case_unfinished_list",
                include=[
                    "vendor",
                    "lob",
                    "status",
                    "assignee",
                    "priority",
                    "reason",
                    "channel",
                    "language",
                    "opened_at",
                ],
                condition=~Q(status__in=["RESOLVED", "CLOSED"]),
            ),
            models.Index(
                fields=["assignee", "resolved_at", "id"],
                name="case_resolved_by",
                condition=Q(resolved_at__isnull=False),
            ),
            models.Index(
                fields=["assignee", "urgency", "id"],
                name="case_of_assignee",
                condition=~Q(status__in=["RESOLVED", "CLOSED"]),
            ),
            models.Index(
                fields=["snoozed_until", "id"],
                name="case_snoozed",
                condition=Q(snoozed_until__isnull=False),
            ),
            models.Index(fields=["lob", "resolved_at"], name="case_lob_resolved"),
            models.Index(
                fields=["resolved_at"], name="case_to_close", condition=Q(status="RESOLVED")
            ),
            GinIndex(fields=["title"], name="case_title_search", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def is_finished(self) -> bool:
        return self.status in self.FINISHED


class Link(models.Model):
    """Two cases that have to do with each other."""

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="links")
    other = models.ForeignKey(Case, models.DB_CASCADE, related_name="linked_from")
    note = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "other"], name="link_once"),
            models.CheckConstraint(
                name="link_is_between_two_cases", condition=~Q(case=models.F("other"))
            ),
        ]
