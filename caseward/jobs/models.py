"""When each process of the installation was last well."""

from django.db import models
from django.db.models.functions import Now


class Heartbeat(models.Model):
    """One row a part: `worker` or `mail`. Several processes of one part share it."""

    part = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.part
