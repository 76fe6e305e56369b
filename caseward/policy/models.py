"""Reasons, dispositions and macros, each in several languages."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.org.models import LineOfBusiness
from caseward.policy.content.crisis import CrisisResource as CrisisResource
from caseward.policy.content.models import MacroVersion as MacroVersion
from caseward.policy.content.models import Playbook as Playbook
from caseward.policy.content.models import PlaybookVersion as PlaybookVersion
from caseward.policy.content.versions import VersionState as VersionState
from caseward.policy.legal.models import (  # noqa: F401  (Django looks for tables here)
    LegalChange,
    LegalPreset,
    LegalVersion,
)


class Reason(models.Model):
    """What a case is about. `cues` maps a language to words a message is recognised by.

    `category` names the harmful material met in such cases, for opt-outs; `certification` what an
    agent must hold to work them; `language_level` how well they must command the language.
    """

    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, related_name="reasons")
    key = models.SlugField()
    names = models.JSONField()
    cues = models.JSONField(default=dict)
    priority = models.PositiveSmallIntegerField(default=3)  # 1 urgent … 4 low
    severity = models.PositiveSmallIntegerField(default=0)  # 0 harmless … 4 severe, for exposure
    category = models.SlugField(max_length=30, blank=True)
    certification = models.SlugField(blank=True)
    language_level = models.PositiveSmallIntegerField(default=1)  # as `org.Skill.level`
    handling_minutes = models.FloatField(default=8.0)  # expected, until it is measured
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lob", "key"], name="reason_once_a_lob"),
            models.CheckConstraint(
                name="reason_priority_1_to_4", condition=Q(priority__gte=1, priority__lte=4)
            ),
            models.CheckConstraint(name="reason_severity_0_to_4", condition=Q(severity__lte=4)),
            models.CheckConstraint(
                name="reason_language_level_1_to_3",
                condition=Q(language_level__gte=1, language_level__lte=3),
            ),
            models.CheckConstraint(
                name="reason_takes_some_time", condition=Q(handling_minutes__gt=0)
            ),
        ]

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or self.names["en"])


class Disposition(models.Model):
    """How a case ended."""

    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, related_name="dispositions")
    key = models.SlugField()
    names = models.JSONField()
    is_survey_wanted = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["lob", "key"], name="disposition_once_a_lob"),
        ]

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or self.names["en"])


class Macro(models.Model):
    """A reply that is used again and again. `texts` are those of its released version."""

    key = models.SlugField(unique=True)
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, null=True)  # None: for every LOB
    title = models.CharField(max_length=120)
    texts = models.JSONField()  # language → text
    is_active = models.BooleanField(default=True)


class NoteTemplate(models.Model):
    """The skeleton of a note for colleagues, with placeholders in braces.

    `texts` maps a language to its text; each is read in the language of the desk.
    """

    key = models.SlugField(unique=True)
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, null=True)  # None: for every LOB
    title = models.CharField(max_length=120)
    texts = models.JSONField()
    in_house_only = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    def text_in(self, language: str) -> str:
        return str(self.texts.get(language) or self.texts["en"])


class EscalationTemplate(models.Model):
    """What must be known before a case is escalated, for one reason or every reason of a line.

    `facts` is a list of questions: `key`, `kind` (text, lines, choice, date, link, yes_no),
    `required`, `labels` and `hints` (language → words), `choices` (`key`, `names`).
    """

    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, related_name="+")
    reason = models.ForeignKey(Reason, models.DB_CASCADE, null=True, related_name="+")
    facts = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lob", "reason"],
                name="escalation_template_once_a_reason",
                nulls_distinct=False,
            ),
        ]
