"""Makes the operation in the database what the files say, all of it or nothing."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import DatabaseError, connection, transaction

from caseward.jobs.operation import writing_organisation, writing_policy
from caseward.jobs.operation.differences import NOUNS, Change, differences
from caseward.jobs.operation.parts import Operation
from caseward.jobs.operation.present import present_operation
from caseward.jobs.operation.problems import CannotApply as CannotApply
from caseward.jobs.operation.sections import SECTIONS
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again

_ACTOR = Actor.system("operation")
_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('caseward.operation'))"
_WRITERS: Mapping[str, writing_organisation.Writer] = (
    writing_organisation.WRITERS
    | writing_policy.WRITERS
    | {section.noun: section.write for section in SECTIONS}
)
_REMOVERS: Mapping[str, writing_organisation.Remover] = (
    writing_organisation.REMOVERS
    | writing_policy.REMOVERS
    | {section.noun: section.remove for section in SECTIONS}
)
_SECTIONS = {section.noun for section in SECTIONS}
_ORDER = {noun.name: position for position, noun in enumerate(NOUNS)}


def present() -> Operation | None:
    """Return the operation as the database has it."""
    with acting(_ACTOR):
        return present_operation()


def planned(wanted: Operation) -> tuple[Change, ...]:
    """Return what `apply` would change."""
    with acting(_ACTOR):
        return differences(present=present_operation(), wanted=wanted)


def apply(wanted: Operation, *, now: datetime) -> tuple[Change, ...]:
    """Make every change in one transaction and return them; the second time there are none.

    Raises:
        CannotApply: something the files leave out is still needed, or an automation could never
            work beside those that are on; nothing was changed.
    """
    with acting(_ACTOR):
        _wait_for_others()
        changes = differences(present=present_operation(), wanted=wanted)
        if changes:
            _write(changes)
            _remove(changes)
            _record(changes, now)
            look_again()
    return changes


def _wait_for_others() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)


def _write(changes: Iterable[Change]) -> None:
    written = [change for change in changes if change.sort != "remove"]
    writing_organisation.free_addresses(written)
    for change in written:
        if change.noun not in _SECTIONS:
            _WRITERS[change.noun](change.part)
    writing_organisation.name_leaders_and_managers(written)
    writing_organisation.make_queues()
    for change in written:
        if change.noun in _SECTIONS:
            _WRITERS[change.noun](change.part)


def _remove(changes: Iterable[Change]) -> None:
    removed = [change for change in changes if change.sort == "remove"]
    for change in sorted(removed, key=lambda change: _ORDER[change.noun], reverse=True):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                _REMOVERS[change.noun](change.part)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except DatabaseError as refused:
            raise CannotApply(_still_needed(change)) from refused


def _still_needed(change: Change) -> str:
    return (
        f'The {change.noun} "{change.key}" is not in the files any more, but people, cases or '
        "figures still belong to it. Put it back into the files. Nothing was changed."
    )


def _record(changes: tuple[Change, ...], now: datetime) -> None:
    done = [f"{change.sort} {change.noun} {change.key}" for change in changes]
    ledger.record(
        "operation.applied",
        at=now,
        actor_id=None,
        actor_name=_ACTOR.name,
        audience=Event.Audience.IN_HOUSE,
        data={"changes": done},
    )
