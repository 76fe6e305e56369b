"""An escalation to somebody who can do more, what was asked about it, and the verdict on it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caseward.casework.models.case import Case
from caseward.casework.models.incident import Incident
from caseward.org.models import LineOfBusiness, StaffMember


class Escalation(models.Model):
    """A case handed up: to tier 2, another line of business, an expert or an incident.

    `asked` is what the template of the reason asked for then, `facts` the answers, key → answer: a
    changed template changes neither. The verdict says whether it was needed, the quality whether
    what was handed over could be worked with.
    """

    class Kind(models.TextChoices):
        TIER_2 = "TIER_2", _("To tier 2")
        LOB = "LOB", _("To another line of business")
        EXPERT = "EXPERT", _("To an expert")
        INCIDENT = "INCIDENT", _("To an incident")

    class Outcome(models.TextChoices):
        SETTLED = "SETTLED", _("Settled by tier 2")
        RETURNED = "RETURNED", _("Returned to tier 1")

    class Verdict(models.TextChoices):
        NEEDED = "NEEDED", _("Needed")
        AVOIDABLE = "AVOIDABLE", _("Avoidable")
        WRONG_LOB = "WRONG_LOB", _("Wrong line of business")

    class Quality(models.TextChoices):
        COMPLETE = "COMPLETE", _("Complete")
        INCOMPLETE = "INCOMPLETE", _("Incomplete")
        MISLEADING = "MISLEADING", _("Misleading")

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="escalations")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TIER_2, db_default=Kind.TIER_2)
    from_tier = models.PositiveSmallIntegerField(default=1, db_default=1)
    from_lob = models.ForeignKey(LineOfBusiness, models.DO_NOTHING)
    to_lob = models.ForeignKey(
        LineOfBusiness, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    to_staff = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    incident = models.ForeignKey(Incident, models.DO_NOTHING, null=True, db_index=False)
    raised_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="escalations_raised"
    )
    raised_at = models.DateTimeField()
    why = models.TextField()
    tried = models.TextField()
    asked = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    facts = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    handover = models.TextField(blank=True, default="", db_default="")  # how to reach the raiser
    pickup_due_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="escalations_accepted"
    )
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    verdict = models.CharField(max_length=9, choices=Verdict, blank=True)
    verdict_note = models.TextField(blank=True)
    quality = models.CharField(
        max_length=10, choices=Quality, blank=True, default="", db_default=""
    )
    quality_note = models.TextField(blank=True, default="", db_default="")

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
            models.CheckConstraint(
                name="escalation_quality_only_once_ended",
                condition=Q(quality="") | Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="escalation_to_an_expert_names_one",
                condition=~Q(kind="EXPERT") | Q(to_staff__isnull=False),
            ),
            models.CheckConstraint(
                name="escalation_to_an_incident_names_it",
                condition=~Q(kind="INCIDENT") | Q(incident__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["raised_by", "-raised_at"], name="escalation_of_agent"),
            models.Index(fields=["raised_by", "ended_at"], name="escalation_judged_lately"),
            models.Index(fields=["raised_at"], name="escalation_raised"),
        ]


class EscalationQuestion(models.Model):
    """What tier 2 asks whoever raised an escalation, without giving the case back."""

    escalation = models.ForeignKey(Escalation, models.DB_CASCADE, related_name="questions")
    asked_by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    text = models.TextField()
    answered_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    answered_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="escalation_question_answered_whole",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
            ),
        ]
