"""The survey a requester gets after the answer, and who wants none."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.casework.models import Case


class NoSurveys(models.Model):
    """An address that wants no more surveys, as its SHA-256."""

    address_hash = models.CharField(max_length=64, unique=True)
    since = models.DateTimeField()


class Survey(models.Model):
    """Asked once a case, answered once, changeable for seven days after the first answer."""

    case = models.OneToOneField(Case, models.DB_CASCADE, related_name="survey")
    asked_at = models.DateTimeField()
    rating = models.PositiveSmallIntegerField(null=True)
    comment = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="survey_rating_1_to_5",
                condition=Q(rating__isnull=True) | Q(rating__gte=1, rating__lte=5),
            ),
            models.CheckConstraint(
                name="survey_answered_with_a_rating",
                condition=Q(rating__isnull=True) ^ Q(answered_at__isnull=False),
            ),
        ]
