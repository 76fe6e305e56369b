"""What the desk keeps for somebody: drafts, who looks at what, saved views, their own order."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.casework.models.case import Case
from caseward.org.models import LineOfBusiness, StaffMember, Team


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
    """A list with its filters and order, kept by its owner and perhaps shared."""

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="saved_filters")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)  # the address of the list with its filters
    team = models.ForeignKey(Team, models.DB_CASCADE, null=True)  # who else finds it
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "name"], name="saved_filter_once"),
            models.CheckConstraint(
                name="saved_filter_shared_with_a_team_or_a_lob",
                condition=Q(team__isnull=True) | Q(lob__isnull=True),
            ),
        ]


class Preference(models.Model):
    """How somebody wants their desk."""

    class Then(models.TextChoices):
        STAY = "STAY", "Stay on the case"
        NEXT = "NEXT", "Go to the next case in the list"
        LIST = "LIST", "Go back to the list"

    staff = models.OneToOneField(StaffMember, models.DB_CASCADE, primary_key=True)
    is_split = models.BooleanField(default=False)  # a list and a case beside each other
    after_sending = models.CharField(max_length=4, choices=Then, default=Then.STAY)


class PersonalPlace(models.Model):
    """Where somebody put a case in their own list; those put nowhere follow by urgency."""

    MOST: ClassVar = 500

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, db_index=False)
    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="+")
    rank = models.PositiveSmallIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "case"], name="personal_place_once"),
            models.CheckConstraint(
                name="personal_place_1_to_500", condition=Q(rank__gte=1, rank__lte=500)
            ),
        ]
