"""What the desk keeps for somebody: unsent drafts, who looks at what, saved filters."""

from typing import ClassVar

from django.db import models

from caseward.casework.models.case import Case
from caseward.org.models import StaffMember


class Draft(models.Model):
    """An answer not yet sent, kept on every keystroke."""

    case = models.ForeignKey(Case, models.DB_CASCADE)
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE)
    text = models.TextField()
    is_note = models.BooleanField(default=False)
    updated_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "staff"], name="draft_once"),
        ]


class Presence(models.Model):
    """Somebody has the case open: a hint with a lease, never the guarantee."""

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="viewers")
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE)
    seen_at = models.DateTimeField()
    is_writing = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "staff"], name="presence_once"),
        ]


class SavedFilter(models.Model):
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)  # the address of the list with its filters

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "name"], name="saved_filter_once"),
        ]
