"""Which macros were sent on a case, which steps were done, and which reasons had gates."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from caseward.casework.models.case import Case
from caseward.casework.models.message import Message
from caseward.org.models import StaffMember
from caseward.policy.models import MacroVersion, NoteTemplate, PlaybookVersion, Reason


class MacroUse(models.Model):
    """A macro in an answer. `edited_share` is how much of its words the writer changed, 0 to 1."""

    message = models.ForeignKey(Message, models.DB_CASCADE, related_name="macro_uses")
    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="macro_uses")
    version = models.ForeignKey(MacroVersion, models.DO_NOTHING, db_index=False)
    language = models.CharField(max_length=2)
    edited_share = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "version"], name="macro_use_once"),
            models.CheckConstraint(
                name="macro_use_edited_share", condition=Q(edited_share__gte=0, edited_share__lte=1)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["version", "at"], name="macro_use_of_version")]


class NoteTemplateUse(models.Model):
    """A template in a note for colleagues."""

    message = models.ForeignKey(Message, models.DB_CASCADE, related_name="note_template_uses")
    template = models.ForeignKey(NoteTemplate, models.DB_CASCADE, related_name="uses")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["message", "template"], name="note_template_use_once"),
        ]


class PlaybookStep(models.Model):
    """A step somebody did on a case, with what they answered, and who confirmed it."""

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="playbook_steps")
    version = models.ForeignKey(PlaybookVersion, models.DO_NOTHING, db_index=False)
    key = models.SlugField()
    answer = models.JSONField()
    done_by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    done_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    confirmed_at = models.DateTimeField(null=True)
    in_house_only = models.BooleanField(default=False, db_default=False)  # a step of tier 2's

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "key"], name="playbook_step_once_a_case"),
            models.CheckConstraint(
                name="playbook_step_confirmed_by_somebody_else",
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("done_by")),
            ),
        ]


class PastReason(models.Model):
    """A reason with gates that a case no longer has: they are owed until somebody else agrees.

    PostgreSQL writes the row whichever way the reason changes, and takes an agreement back when the
    case had the reason again. With a duplicate that is merged its gates come along.
    """

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="past_reasons")
    reason = models.ForeignKey(Reason, models.DB_CASCADE, related_name="+", db_index=False)
    left_at = models.DateTimeField()
    left_by = models.ForeignKey(
        StaffMember, models.DB_SET_NULL, null=True, related_name="+", db_index=False
    )
    merged_from = models.ForeignKey(
        Case, models.DB_CASCADE, null=True, related_name="+", db_index=False
    )
    asked_by = models.ForeignKey(
        StaffMember, models.DB_SET_NULL, null=True, related_name="+", db_index=False
    )
    asked_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "reason"], name="past_reason_once_a_case"),
            models.CheckConstraint(
                name="past_reason_agreed_by_somebody_else",
                condition=Q(agreed_by__isnull=True)
                | (~Q(agreed_by=F("left_by")) & ~Q(agreed_by=F("asked_by"))),
            ),
            models.CheckConstraint(
                name="past_reason_agreed_by_and_at",
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
            ),
        ]
