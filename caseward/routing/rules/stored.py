"""Sets of rules that were proposed, what trying them showed, and which is in force."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caseward.org.models import StaffMember


class RuleSet(models.Model):
    """Rules somebody proposed. `base` is what was in force then, `content` what shall be.

    Both are `content.Rules.as_json`. A set that was ever in force is never changed again.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", _("Proposed")
        IN_FORCE = "IN_FORCE", _("In force")
        RETIRED = "RETIRED", _("No longer in force")
        DROPPED = "DROPPED", _("Thrown away")

    base = models.JSONField()
    content = models.JSONField()
    note = models.CharField(max_length=300)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    written_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, related_name="rule_sets", db_index=False
    )
    written_at = models.DateTimeField()
    switched_on_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    switched_on_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="IN_FORCE"), name="rule_set_one_in_force"
            ),
            models.CheckConstraint(
                name="rule_set_in_force_since_somebody_switched_it_on",
                condition=~Q(state="IN_FORCE")
                | Q(switched_on_by__isnull=False, switched_on_at__isnull=False),
            ),
        ]


class RuleTrial(models.Model):
    """A dry run of a set of rules on what happened in `[starts_at, ends_at)`."""

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")
        CANCELLED = "CANCELLED", _("Cancelled")

    rule_set = models.ForeignKey(RuleSet, models.DB_CASCADE, related_name="trials")
    asked_by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    summary = models.JSONField(default=dict)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="rule_trial_covers_some_time",
                condition=Q(ends_at__gt=models.F("starts_at")),
            ),
            models.UniqueConstraint(
                fields=["rule_set"],
                condition=Q(state__in=["WAITING", "RUNNING"]),
                name="rule_trial_one_at_once",
            ),
        ]


class TriedCase(models.Model):
    """A case that would have gone otherwise. Waits are in seconds; None: to the very end."""

    trial = models.ForeignKey(RuleTrial, models.DB_CASCADE, db_index=False, related_name="cases")
    case_id = models.BigIntegerField()
    reference = models.CharField(max_length=13)
    lob_id = models.BigIntegerField()
    reason_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=2)
    vendor_before_id = models.BigIntegerField(null=True)
    vendor_after_id = models.BigIntegerField(null=True)
    waited_before = models.BigIntegerField(null=True)
    waited_after = models.BigIntegerField(null=True)
    missed_before = models.BooleanField()
    missed_after = models.BooleanField()
    has_moved = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["trial", "-has_moved", "id"], name="tried_case_of_trial"),
        ]
