"""What the law asks of a case: silence about a report, and notices of clocks that run out."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.casework.models.case import Case
from caseward.org.models import StaffMember


class DisclosureLock(models.Model):
    """Nothing about a report to an authority may be said on this case. In-house only."""

    case = models.OneToOneField(
        Case, models.DB_CASCADE, primary_key=True, related_name="disclosure_lock"
    )
    why = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )  # None: set by what happened on the case
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    lifted_why = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="disclosure_lock_lifted_says_by_whom_and_why",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True, lifted_why="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why="")),
            ),
        ]


class Notice(models.Model):
    """Something one person should know of a case; a newer one about the same takes its place."""

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="notices")
    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="notices", db_index=False)
    about = models.CharField(max_length=82)  # what of the case: a kind of clock and its stage
    kind = models.CharField(max_length=40)  # the ledger event that it tells of
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "staff", "about"], name="notice_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["staff", "at", "id"],
                name="notice_unread",
                condition=Q(read_at__isnull=True),
            ),
        ]
