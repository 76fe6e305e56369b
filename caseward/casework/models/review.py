"""What was decided about a case that has been open for long."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.casework.models.case import Case
from caseward.org.models import StaffMember


class CaseReview(models.Model):
    """Somebody looked at an aged case and decided how it goes on."""

    class Outcome(models.TextChoices):
        KEPT = "KEPT", "Kept with a next step"
        ESCALATED = "ESCALATED", "Escalated"
        MOVED = "MOVED", "Moved"
        RESOLVED = "RESOLVED", "Resolved"

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="reviews", db_index=False)
    reviewer = models.ForeignKey(StaffMember, models.DO_NOTHING, db_index=False)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=Outcome)
    next_step = models.CharField(max_length=300)
    look_again_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="case_review_kept_is_looked_at_again",
                condition=~Q(outcome="KEPT") | Q(look_again_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "-at"], name="case_review_newest"),
        ]
