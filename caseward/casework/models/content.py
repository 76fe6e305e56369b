"""Which macros were sent on a case, and which steps of its playbook were done."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from caseward.casework.models.case import Case
from caseward.casework.models.message import Message
from caseward.org.models import StaffMember
from caseward.policy.models import MacroVersion, NoteTemplate, PlaybookVersion


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
