"""A legal preset, its versions, and who asked for and approved each change of it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from caseward.org.models import StaffMember


class LegalPreset(models.Model):
    """A duty of one law in one place. Off until two people switched it on."""

    key = models.CharField(max_length=40, unique=True)
    jurisdiction = models.CharField(max_length=2)
    is_on = models.BooleanField(default=False)
    version = models.ForeignKey(
        "LegalVersion", models.DO_NOTHING, null=True, related_name="+", db_index=False
    )  # the one that counts
    shipped_number = models.PositiveSmallIntegerField()  # the newest that came with Caseward
    last_verified_on = models.DateField()
    verified_by = models.CharField(max_length=120)
    review_by = models.DateField()


class LegalVersion(models.Model):
    """What a preset said at one time; never changed. `content` is as in the data files."""

    preset = models.ForeignKey(LegalPreset, models.DB_CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["preset", "number"], name="legal_version_once"),
        ]


class LegalChange(models.Model):
    """A change that one person asks for and another one approves or refuses."""

    class Kind(models.TextChoices):
        SWITCH_ON = "SWITCH_ON", _("Switch on")
        SWITCH_OFF = "SWITCH_OFF", _("Switch off")
        EDIT = "EDIT", _("New version")

    class Outcome(models.TextChoices):
        APPROVED = "APPROVED", _("approved")
        REFUSED = "REFUSED", _("refused")
        WITHDRAWN = "WITHDRAWN", _("withdrawn")

    preset = models.ForeignKey(LegalPreset, models.DB_CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind)
    version = models.ForeignKey(LegalVersion, models.DB_CASCADE, null=True, db_index=False)
    why = models.CharField(max_length=300)
    asked_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )  # None: came with an update of Caseward
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    decided_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["preset"], name="legal_change_one_open", condition=Q(outcome="")
            ),
            models.CheckConstraint(
                name="legal_change_decided_has_its_time",
                condition=Q(outcome="") ^ Q(decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="legal_change_needs_two_people",
                condition=~Q(outcome="APPROVED")
                | (
                    Q(decided_by__isnull=False)
                    & (Q(asked_by__isnull=True) | ~Q(decided_by=F("asked_by")))
                ),
            ),
        ]
