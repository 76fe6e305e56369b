"""What a lead does on the floor, kept so that it can be undone, and what they say to people."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from caseward.org.models import StaffMember


class FloorMove(models.Model):
    """One move on the floor. `before` holds what undoing it puts back, `after` how it left that."""

    class Kind(models.TextChoices):
        MOVE = "MOVE", "Cases moved"
        BORROW = "BORROW", "Somebody borrowed"
        PAUSE = "PAUSE", "Queue paused"
        RESUME = "RESUME", "Queue resumed"
        MESSAGE = "MESSAGE", "Message sent"

    kind = models.CharField(max_length=7, choices=Kind)
    by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    at = models.DateTimeField()
    about = models.JSONField(default=dict)  # names for the sentence that says what was done
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="floor_move_undone_by_somebody",
                condition=Q(undone_at__isnull=True) ^ Q(undone_by__isnull=False),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-at", "-id"], name="floor_move_newest")]


class TeamMessage(models.Model):
    """What a lead says to some people; it shows on their desks until they have read it."""

    by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    text = models.CharField(max_length=500)
    asks_for = models.CharField(max_length=13, blank=True)  # a state of `routing.Availability`
    sent_at = models.DateTimeField()
    until = models.DateTimeField()  # not shown any more
    taken_back_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="team_message_ends_after_it_is_sent", condition=Q(until__gt=F("sent_at"))
            ),
        ]


class TeamMessageReader(models.Model):
    """Somebody a message is for, and when they said that they have read it."""

    message = models.ForeignKey(TeamMessage, models.DB_CASCADE, related_name="readers")
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="+", db_index=False)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "staff"], name="team_message_once_a_reader"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["staff"], name="team_message_unread", condition=Q(read_at__isnull=True)
            ),
        ]
