"""When each process of the installation was last well, and whether the demo made it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now


class Heartbeat(models.Model):
    """One row a part: `worker` or `mail`. Several processes of one part share it."""

    part = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.part


class DemoMark(models.Model):
    """Says that the demo made this installation: the same mark lies in its data folder."""

    installation = models.UUIDField()
    seed = models.BigIntegerField()
    cases = models.PositiveIntegerField()
    ends_at = models.DateTimeField()  # the moment the made-up history leads up to

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="demo_mark_is_only_one", condition=Q(id=1)),
        ]

    def __str__(self) -> str:
        return str(self.installation)
