"""The way of a version: drafted, reviewed by somebody else, released, retired, brought back.

Macros and playbooks go the same way. What is in use never changes under anybody's hands: a new
version takes the place of the one before.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import StaffMember
from caseward.policy import access
from caseward.policy.models import (
    Macro,
    MacroVersion,
    Playbook,
    PlaybookVersion,
    VersionState,
)

type Subject = Macro | Playbook
type AnyVersion = MacroVersion | PlaybookVersion


class TwoPeopleNeeded(Exception):
    """Whoever wrote a version cannot release it; somebody else has to."""


class ChangedMeanwhile(Exception):
    """Somebody else moved this version on; nothing was changed."""


def lob_id_of(subject: Subject) -> int | None:
    return subject.lob_id if isinstance(subject, Macro) else subject.reason.lob_id


def subject_of(version: AnyVersion) -> Subject:
    return version.macro if isinstance(version, MacroVersion) else version.playbook


@transaction.atomic
def write_draft(
    subject: Subject, *, by: StaffMember, content: Mapping[str, Any], note: str = ""
) -> AnyVersion:
    """Write the one version in the making, or begin it; a version in review is a draft again.

    Raises:
        access.NotYoursToWrite: the person does not work in this line of business.
    """
    if not access.may_write(by, lob_id_of(subject)):
        raise access.NotYoursToWrite
    _lock(subject)
    making = _versions(subject).filter(state__in=[VersionState.DRAFT, VersionState.IN_REVIEW])
    version = making.first() or _new(subject)
    for name, value in content.items():
        setattr(version, name, value)
    version.author, version.reviewer, version.note = by, None, note
    version.state = VersionState.DRAFT
    version.save()
    return version


def _new(subject: Subject) -> AnyVersion:
    highest = _versions(subject).aggregate(number=Max("number"))["number"] or 0
    if isinstance(subject, Macro):
        return MacroVersion(macro=subject, number=highest + 1)
    return PlaybookVersion(playbook=subject, number=highest + 1)


@transaction.atomic
def send_to_review(version: AnyVersion, *, by: StaffMember, now: datetime) -> AnyVersion:
    """Ask somebody else to look at a draft."""
    version = _in_state(version, VersionState.DRAFT)
    if not access.may_write(by, lob_id_of(subject_of(version))):
        raise access.NotYoursToWrite
    version.state = VersionState.IN_REVIEW
    version.save(update_fields=["state"])
    leave_trace("content.sent_to_review", version, by, now)
    return version


@transaction.atomic
def send_back(version: AnyVersion, *, by: StaffMember, why: str, now: datetime) -> AnyVersion:
    """Give a version in review back to whoever wrote it, saying why."""
    version = _in_state(version, VersionState.IN_REVIEW)
    if not access.may_write(by, lob_id_of(subject_of(version))):
        raise access.NotYoursToWrite
    version.state = VersionState.DRAFT
    version.save(update_fields=["state"])
    leave_trace("content.sent_back", version, by, now, why=why)
    return version


@transaction.atomic
def release(version: AnyVersion, *, by: StaffMember, now: datetime) -> AnyVersion:
    """Put a reviewed version to use in place of the one before.

    Raises:
        access.NotYoursToWrite: the person does not answer for this line of business.
        TwoPeopleNeeded: the person wrote it.
        ChangedMeanwhile: it is no longer in review.
    """
    version = _in_state(version, VersionState.IN_REVIEW)
    if not access.may_release(by, lob_id_of(subject_of(version))):
        raise access.NotYoursToWrite
    if version.author_id == by.pk:
        raise TwoPeopleNeeded
    _versions(subject_of(version)).filter(state=VersionState.RELEASED).update(
        state=VersionState.RETIRED, retired_at=now
    )
    version.state, version.reviewer, version.released_at = VersionState.RELEASED, by, now
    version.save(update_fields=["state", "reviewer", "released_at"])
    _show_to_files(version)
    leave_trace("content.released", version, by, now)
    look_again()
    return version


@transaction.atomic
def retire(version: AnyVersion, *, by: StaffMember, why: str, now: datetime) -> AnyVersion:
    """Take a released version out of use at once, without another in its place."""
    version = _in_state(version, VersionState.RELEASED)
    if not access.may_release(by, lob_id_of(subject_of(version))):
        raise access.NotYoursToWrite
    version.state, version.retired_at = VersionState.RETIRED, now
    version.save(update_fields=["state", "retired_at"])
    leave_trace("content.retired", version, by, now, why=why)
    look_again()
    return version


@transaction.atomic
def restore(version: AnyVersion, *, by: StaffMember, now: datetime) -> AnyVersion:
    """Begin a draft with the words of an older version; it is reviewed like any other."""
    subject = subject_of(version)
    names = CONTENT[type(version)]
    content = {name: getattr(version, name) for name in names}
    draft = write_draft(subject, by=by, content=content, note=f"v{version.number}")
    leave_trace("content.restored", draft, by, now, from_number=version.number)
    return draft


@transaction.atomic
def throw_away(version: AnyVersion, *, by: StaffMember) -> None:
    """Drop a draft that nobody has used."""
    if not access.may_write(by, lob_id_of(subject_of(version))):
        raise access.NotYoursToWrite
    _in_state(version, VersionState.DRAFT).delete()


CONTENT: dict[type, tuple[str, ...]] = {
    MacroVersion: ("title", "texts", "actions", "conditions", "is_safe_when_locked"),
    PlaybookVersion: ("steps",),
}


def _in_state(version: AnyVersion, state: str) -> AnyVersion:
    found: AnyVersion | None = (
        type(version).objects.select_for_update().filter(pk=version.pk, state=state).first()
    )
    if found is None:
        raise ChangedMeanwhile
    return found


def _lock(subject: Subject) -> None:
    type(subject).objects.select_for_update().get(pk=subject.pk)


def _versions(subject: Subject) -> Any:
    return subject.versions.all()


def _show_to_files(version: AnyVersion) -> None:
    """Keep what the files of the operation compare with."""
    if isinstance(version, MacroVersion):
        version.macro.title, version.macro.texts = version.title, version.texts
        version.macro.is_active = True
        version.macro.save(update_fields=["title", "texts", "is_active"])


def name_of(version: AnyVersion) -> str:
    """Return what a version is of, as the ledger calls it."""
    if isinstance(version, MacroVersion):
        return version.macro.key
    return version.playbook.reason.key


def leave_trace(
    kind: str, version: AnyVersion, by: StaffMember, now: datetime, **data: Any
) -> None:
    what = "macro" if isinstance(version, MacroVersion) else "playbook"
    ledger.record(
        kind,
        at=now,
        actor_id=by.pk,
        actor_name=by.name,
        audience=Event.Audience.IN_HOUSE,
        data={"what": what, "key": name_of(version), "number": version.number, **data},
    )
