"""Facts folded from the ledger: one row a case, cheap to add up by any dimension."""

from typing import ClassVar

from django.db import models


class CaseFact(models.Model):
    """What a case contributes to every figure. Ids of other packages are plain numbers: a fact
    outlives what it was about, and is folded again from the ledger whenever it is in doubt."""

    case_id = models.BigIntegerField(primary_key=True)
    reference = models.CharField(max_length=13)
    lob_id = models.BigIntegerField()
    reason_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=10)
    vendor_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)  # of whoever answered last, else of nobody
    site_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    first_due_at = models.DateTimeField(null=True)
    first_replied_at = models.DateTimeField(null=True)
    first_reply_met = models.BooleanField(null=True)
    resolution_due_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolution_met = models.BooleanField(null=True)
    is_finished = models.BooleanField(default=False)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=9, blank=True)
    verdict_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    rated_at = models.DateTimeField(null=True)
    is_left_out = models.BooleanField(default=False)  # merged duplicates

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["opened_at"], name="fact_opened"),
            models.Index(fields=["first_due_at"], name="fact_first_due"),
            models.Index(fields=["resolution_due_at"], name="fact_resolution_due"),
            models.Index(fields=["resolved_at"], name="fact_resolved"),
            models.Index(fields=["rated_at"], name="fact_rated"),
            models.Index(fields=["verdict_at"], name="fact_verdict"),
            models.Index(
                fields=["opened_at"],
                name="fact_unfinished",
                condition=models.Q(is_finished=False),
            ),
        ]


class Freshness(models.Model):
    """How far the facts are filled: the last ledger event that was folded."""

    last_event_id = models.BigIntegerField(default=0)
    filled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="freshness_is_only_one", condition=models.Q(id=1)),
        ]
