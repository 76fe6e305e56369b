"""Beginning a playbook, checking its steps, and taking over one that comes as plain facts."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Now

from caseward.org.catalogue import look_again
from caseward.policy.models import Playbook, PlaybookVersion, Reason, VersionState
from caseward.policy.playbooks import CHECKS, CHOICE, Step


class BadStep(ValueError):
    """A step nobody could do; the message says which one and why."""


def check_steps(steps: Sequence[Step]) -> None:
    """Refuse steps that nobody could do or tell apart.

    Raises:
        BadStep: a key twice, no English text, an unknown check, or a choice without choices.
    """
    keys = [step.key for step in steps]
    for step in steps:
        if keys.count(step.key) > 1:
            raise BadStep(f"step {step.key!r} must be there once, got {keys.count(step.key)}")
        if not step.texts.get("en"):
            raise BadStep(f"step {step.key!r} needs an English text")
        if step.check not in CHECKS:
            raise BadStep(f"check must be among {CHECKS}, got {step.check!r}")
        if step.check == CHOICE and not step.choices:
            raise BadStep(f"step {step.key!r} is a choice and needs choices")


@transaction.atomic
def playbook_for(reason: Reason) -> Playbook:
    """Return the playbook of a reason, with no version in force where it is new."""
    return Playbook.objects.get_or_create(reason=reason)[0]


@transaction.atomic
def playbook_from_facts(*, reason: Reason, steps: Iterable[Mapping[str, Any]]) -> PlaybookVersion:
    """Release steps that people have reviewed elsewhere; the same steps again change nothing.

    Raises:
        BadStep: nothing is released.
    """
    read = [Step.read(step) for step in steps]
    check_steps(read)
    stored = [step.stored() for step in read]
    playbook = playbook_for(reason)
    before = playbook.versions.filter(state=VersionState.RELEASED).first()
    if before and before.steps == stored:
        return before
    playbook.versions.filter(state=VersionState.RELEASED).update(
        state=VersionState.RETIRED, retired_at=Now()
    )
    highest = playbook.versions.aggregate(number=Max("number"))["number"] or 0
    released: PlaybookVersion = playbook.versions.create(
        number=highest + 1, state=VersionState.RELEASED, released_at=Now(), steps=stored
    )
    look_again()
    return released


def retire_playbook(reason: Reason) -> None:
    """Take the playbook of a reason out of use, as files that leave it out ask."""
    released = PlaybookVersion.objects.filter(playbook__reason=reason, state=VersionState.RELEASED)
    released.update(state=VersionState.RETIRED, retired_at=Now())
    look_again()
