"""A question to colleagues about one case, which stays in its owner's hands."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caseward.casework.models.case import Case
from caseward.org.models import Language, LineOfBusiness, StaffMember


class HelpRequest(models.Model):
    """Who is asked: one person, or everybody in-house with a line of business and a language.

    While it is open, whoever is asked may read the case.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", _("Open")
        ANSWERED = "ANSWERED", _("Answered")
        DECLINED = "DECLINED", _("Declined")
        WITHDRAWN = "WITHDRAWN", _("Withdrawn")

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="help_requests")
    asked_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, related_name="help_asked", db_index=False
    )
    asked_at = models.DateTimeField()
    question = models.TextField()
    to_staff = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="help_wanted", db_index=False
    )
    to_lob = models.ForeignKey(
        LineOfBusiness, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    to_language = models.CharField(max_length=2, choices=Language, blank=True)
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    ended_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    ended_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="help_is_asked_of_one_or_of_a_group",
                condition=Q(to_staff__isnull=False, to_lob__isnull=True, to_language="")
                | (Q(to_staff__isnull=True, to_lob__isnull=False) & ~Q(to_language="")),
            ),
            models.CheckConstraint(
                name="help_ended_has_its_time",
                condition=Q(state="OPEN") ^ Q(ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="help_is_not_asked_of_oneself",
                condition=~Q(to_staff=models.F("asked_by")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["to_staff", "-asked_at"],
                name="help_of_person",
                condition=Q(state="OPEN"),
            ),
            models.Index(
                fields=["to_lob", "to_language", "-asked_at"],
                name="help_of_group",
                condition=Q(state="OPEN"),
            ),
            models.Index(fields=["asked_by", "-asked_at"], name="help_asked_by"),
        ]
