"""A backlog driven down on purpose: which cases, by when, with whom."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from caseward.casework.models.case import Case
from caseward.org.models import StaffMember


class Campaign(models.Model):
    """Cases to be cleared by a moment, and who works them first.

    `query` is what the list of unfinished cases was narrowed to. `revision` counts the edits, so
    that nobody overwrites what they have not seen.
    """

    class State(models.TextChoices):
        RUNNING = "RUNNING", "Running"
        PAUSED = "PAUSED", "Paused"
        STOPPED = "STOPPED", "Stopped"

    name = models.CharField(max_length=80)
    query = models.CharField(max_length=500)
    state = models.CharField(max_length=7, choices=State, default=State.RUNNING)
    takes_new = models.BooleanField(default=False)  # cases that come to fit join
    goal_at = models.DateTimeField()
    started_by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="campaigns")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    macros = ArrayField(models.SlugField(), default=list)  # offered first on its cases
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="campaign_goal_after_its_start", condition=Q(goal_at__gt=F("started_at"))
            ),
            models.CheckConstraint(
                name="campaign_stopped_has_its_time",
                condition=Q(state="STOPPED") ^ Q(ended_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignMember(models.Model):
    """Somebody whose next case comes from a campaign first, until it stops."""

    campaign = models.ForeignKey(Campaign, models.DB_CASCADE, related_name="members")
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="campaign_memberships")
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "staff"], name="campaign_member_once"),
        ]


class CampaignCase(models.Model):
    """A case of a campaign; `is_open` until it was seen finished, which may lag a little."""

    campaign = models.ForeignKey(Campaign, models.DB_CASCADE, related_name="cases", db_index=False)
    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="campaigns")
    added_at = models.DateTimeField()
    is_open = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["campaign", "case"], name="campaign_case_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["campaign", "case"], name="campaign_open_case", condition=Q(is_open=True)
            ),
        ]
