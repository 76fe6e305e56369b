"""Configuration that leads change on screen: kept whole, with its history, and taken back.

Each kind says how an entry is read as plain facts, written and taken out of use. What all of them
share is here: one change at a time, refused where somebody was first, traced, and undone.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import ConfigurationChange, StaffMember

type Entry = Mapping[str, Any]

ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('caseward.operation'))"


class NotYoursToChange(Exception):
    """Somebody else answers for this; nothing was changed."""


class ChangedMeanwhile(Exception):
    """It is not what the person saw any more; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of configuration.

    Attributes:
        read: Returns an entry by its key as plain facts; None where it is not in use.
        write: Makes an entry what the facts say, and puts it to use.
        remove: Takes an entry out of use.
        title: What people call an entry.
        may_change: Whether somebody may write such an entry, or take it out of use.
    """

    what: ConfigurationChange.What
    read: Callable[[str], Entry | None]
    write: Callable[[str, Entry], object]
    remove: Callable[[str], object]
    title: Callable[[str, Entry], str]
    may_change: Callable[[StaffMember, Entry], bool]


def mark_of(entry: Entry | None) -> str:
    """Return a short mark of an entry as it is, to notice that somebody changed it."""
    written = orjson.dumps(entry, option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(written).hexdigest()[:16]


@transaction.atomic
def change(
    kind: Kind, key: str, wanted: Entry | None, *, by: StaffMember, now: datetime, seen: str
) -> ConfigurationChange | None:
    """Make an entry what is wanted (None: out of use); return what changed, None where nothing did.

    Args:
        seen: The mark of what the person saw.
    Raises:
        NotYoursToChange: the person may not write what is there, or what is wanted.
        ChangedMeanwhile: somebody else was first.
    """
    _wait_for_others()
    before = kind.read(key)
    if mark_of(before) != seen:
        raise ChangedMeanwhile(key)
    return _replace(kind, key, before, wanted, by=by, now=now)


@transaction.atomic
def undo(kind: Kind, change_id: int, *, by: StaffMember, now: datetime) -> ConfigurationChange:
    """Put back what an entry was before a change.

    Raises:
        NotYoursToChange: see `change`.
        ChangedMeanwhile: it was changed again, or this was taken back already.
        ConfigurationChange.DoesNotExist: there is no such change.
    """
    _wait_for_others()
    done = ConfigurationChange.objects.get(pk=change_id, what=kind.what)
    present = kind.read(done.key)
    if mark_of(present) != mark_of(done.after) or hasattr(done, "undone_by"):
        raise ChangedMeanwhile(done.key)
    back = _replace(kind, done.key, present, done.before, by=by, now=now, undoes=done)
    if back is None:
        raise ChangedMeanwhile(done.key)
    return back


def _wait_for_others() -> None:
    """Let nobody else change configuration in between, files of an operation included."""
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)


def _replace(
    kind: Kind,
    key: str,
    before: Entry | None,
    after: Entry | None,
    *,
    by: StaffMember,
    now: datetime,
    undoes: ConfigurationChange | None = None,
) -> ConfigurationChange | None:
    if not all(kind.may_change(by, entry) for entry in (before, after) if entry is not None):
        raise NotYoursToChange(key)
    if before == after:
        return None
    if after is None:
        kind.remove(key)
    else:
        kind.write(key, after)
    look_again()
    shown = after if after is not None else before or {}
    done = ConfigurationChange.objects.create(
        what=kind.what, key=key, title=kind.title(key, shown)[:200],
        before=before, after=after, by=by, at=now, undoes=undoes,
    )  # fmt: skip
    _leave_trace(done)
    return done


def _leave_trace(done: ConfigurationChange) -> None:
    """Say what changed, not the values: the ledger is kept for good, addresses are not."""
    ledger.record(
        "configuration.changed",
        at=done.at,
        actor_id=done.by_id,
        actor_name=done.by.name,
        audience=Event.Audience.IN_HOUSE,
        data={
            "what": done.what,
            "key": done.key,
            "title": done.title,
            "did": did(done),
            "changed": changed_names(done),
            "change_id": done.pk,
            "undoes": done.undoes_id,
        },
    )


def did(done: ConfigurationChange) -> str:
    """Say what was done: `ADDED`, `CHANGED` or `REMOVED`."""
    if done.before is None:
        return "ADDED"
    return "REMOVED" if done.after is None else "CHANGED"


def changed_names(done: ConfigurationChange) -> list[str]:
    """Return the names of what differs between before and after."""
    before, after = done.before or {}, done.after or {}
    names = {*before, *after}
    return sorted(name for name in names if before.get(name) != after.get(name))
