"""The event and the head of each chain of events."""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """One thing that happened. `seq` and `hash` are given by PostgreSQL when the row is written.

    Events of one case form a chain: each hash covers the one before. Events about no case (an
    applied operation) share chain 0; those about a person are in a chain of theirs, whose
    `case_id` is minus their number.
    """

    class Audience(models.TextChoices):
        EVERYONE = "EVERYONE", "everyone who may see the case"
        IN_HOUSE = "IN_HOUSE", "in-house staff only"

    case_id = models.BigIntegerField(default=0)
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)  # None: Caseward itself, or the requester
    actor_name = models.CharField(max_length=120)
    audience = models.CharField(max_length=10, choices=Audience, default=Audience.EVERYONE)
    data = models.JSONField(default=dict)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case_id", "seq"], name="event_numbered_in_its_chain"),
            models.CheckConstraint(name="event_numbered_from_one", condition=Q(seq__gte=1)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "at"], name="event_kind_at"),
            models.Index(
                fields=["actor_id", "-id"],
                name="event_of_actor",
                condition=Q(actor_id__isnull=False),
            ),
        ]


class Chain(models.Model):
    """How long the chain of a case is and the hash it ends with: shows a removed last event."""

    case_id = models.BigIntegerField(primary_key=True)
    length = models.PositiveIntegerField()
    head = models.BinaryField(max_length=32)
