"""What macros, playbooks and whatever else is written once and used by many have in common."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from caseward.org.models import StaffMember


class VersionState(models.TextChoices):
    DRAFT = "DRAFT", "Draft"
    IN_REVIEW = "IN_REVIEW", "In review"
    RELEASED = "RELEASED", "Released"
    RETIRED = "RETIRED", "Retired"


class Version(models.Model):
    """One wording of something, reviewed by somebody else before anybody uses it.

    Without an author it came with the files of the operation, which people review like code.
    """

    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=VersionState, default=VersionState.DRAFT)
    note = models.CharField(max_length=300, blank=True)  # what is new in it
    author = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    reviewer = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(db_default=Now())
    released_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Say whether it can still be written on or released."""
        return self.state in {VersionState.DRAFT, VersionState.IN_REVIEW}


def version_constraints(of: str) -> list[Any]:
    """Return what PostgreSQL refuses of versions of a macro, a playbook and so on."""
    return [
        models.UniqueConstraint(fields=[of, "number"], name=f"{of}_version_once"),
        models.UniqueConstraint(
            fields=[of], condition=Q(state="RELEASED"), name=f"{of}_one_version_released"
        ),
        models.UniqueConstraint(
            fields=[of],
            condition=Q(state__in=["DRAFT", "IN_REVIEW"]),
            name=f"{of}_one_version_in_the_making",
        ),
        models.CheckConstraint(
            name=f"{of}_reviewed_by_somebody_else",
            condition=Q(author__isnull=True) | Q(reviewer__isnull=True) | ~Q(author=F("reviewer")),
        ),
        models.CheckConstraint(
            name=f"{of}_released_after_review",
            condition=Q(released_at__isnull=True)
            | Q(author__isnull=True)
            | Q(reviewer__isnull=False),
        ),
        models.CheckConstraint(
            name=f"{of}_released_has_its_time",
            condition=~Q(state__in=["RELEASED", "RETIRED"]) | Q(released_at__isnull=False),
        ),
    ]
