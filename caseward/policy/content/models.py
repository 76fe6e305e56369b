"""Versions of macros and playbooks."""

from typing import ClassVar

from django.db import models

from caseward.policy.content.versions import Version, version_constraints


class MacroVersion(Version):
    """What a macro says, what it does besides, and of which cases.

    `texts` maps a language to its text with placeholders in braces; `actions` is what
    `policy.macro_actions.Actions` reads, `conditions` what `core.conditions` does.
    `is_safe_when_locked` says that it may be sent on a case under a no-disclosure lock.
    """

    macro = models.ForeignKey("policy.Macro", models.DB_CASCADE, related_name="versions")
    title = models.CharField(max_length=120)
    texts = models.JSONField()
    actions = models.JSONField(default=dict)
    conditions = models.JSONField(default=dict)
    is_safe_when_locked = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = version_constraints("macro")


class Playbook(models.Model):
    """The steps for cases of one reason."""

    reason = models.OneToOneField("policy.Reason", models.DB_CASCADE, related_name="playbook")
    is_active = models.BooleanField(default=True)


class PlaybookVersion(Version):
    """`steps` is a list of what `policy.playbooks.Step` reads."""

    playbook = models.ForeignKey(Playbook, models.DB_CASCADE, related_name="versions")
    steps = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = version_constraints("playbook")
