"""The token a program signs in with, kept as a hash."""

from django.db import models

from caseward.org.models import StaffMember


class Token(models.Model):
    digest = models.CharField(max_length=64, primary_key=True)
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    minute = models.BigIntegerField(default=0)  # of UTC, in which `calls` were counted
    calls = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.digest[:8]}…"
