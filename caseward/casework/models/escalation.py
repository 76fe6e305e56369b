"""An escalation from tier 1 to tier 2, and the verdict on it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.casework.models.case import Case
from caseward.org.models import LineOfBusiness, StaffMember


class Escalation(models.Model):
    class Outcome(models.TextChoices):
        SETTLED = "SETTLED", "Settled by tier 2"
        RETURNED = "RETURNED", "Returned to tier 1"

    class Verdict(models.TextChoices):
        NEEDED = "NEEDED", "Needed"
        AVOIDABLE = "AVOIDABLE", "Avoidable"
        WRONG_LOB = "WRONG_LOB", "Wrong line of business"

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="escalations")
    from_lob = models.ForeignKey(LineOfBusiness, models.DO_NOTHING)
    raised_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="escalations_raised"
    )
    raised_at = models.DateTimeField()
    why = models.TextField()
    tried = models.TextField()
    accepted_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="escalations_accepted"
    )
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    verdict = models.CharField(max_length=9, choices=Verdict, blank=True)
    verdict_note = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(ended_at__isnull=True),
                name="escalation_one_running_a_case",
            ),
            models.CheckConstraint(
                name="escalation_ended_with_outcome_and_verdict",
                condition=Q(ended_at__isnull=True, outcome="", verdict="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="") & ~Q(verdict="")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["raised_by", "-raised_at"], name="escalation_of_agent"),
            models.Index(fields=["raised_by", "ended_at"], name="escalation_judged_lately"),
        ]
