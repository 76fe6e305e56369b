"""Keeping the registry of help in a crisis: written down, and verified again and again."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import StaffMember
from caseward.policy import access
from caseward.policy.models import CrisisResource

PLACE = ("key", "country", "language")
CONTENT = ("name", "phone", "url", "valid_days")


@transaction.atomic
def keep_resource(
    *, by: StaffMember, now: datetime, resource: CrisisResource | None = None, **said: Any
) -> CrisisResource:
    """Write an entry down or change it; until somebody verifies what changed, nothing names it.

    Raises:
        access.NotYoursToWrite: the person leads nobody.
    """
    _check(by)
    found = resource or CrisisResource()
    changed = [name for name in (*PLACE, *CONTENT) if getattr(found, name) != said[name]]
    for name in changed:
        setattr(found, name, said[name])
    if resource is None or {"name", "phone", "url"} & set(changed):
        found.last_verified_on = found.verified_by = None
    found.is_active = True
    found.save()
    leave_trace("crisis.changed", found, by, now, changed=changed)
    return found


@transaction.atomic
def verify_resource(
    resource: CrisisResource, *, by: StaffMember, how: str, today: date, now: datetime
) -> CrisisResource:
    """Say that somebody called the number or opened the page today, and that it helps.

    Raises:
        access.NotYoursToWrite: the person leads nobody.
    """
    _check(by)
    found = CrisisResource.objects.select_for_update().get(pk=resource.pk)
    before = found.last_verified_on
    found.last_verified_on, found.verified_by, found.is_example = today, by, False
    found.save(update_fields=["last_verified_on", "verified_by", "is_example"])
    leave_trace("crisis.verified", found, by, now, how=how, before=before and before.isoformat())
    return found


@transaction.atomic
def doubt_resource(resource: CrisisResource, *, by: StaffMember, now: datetime) -> CrisisResource:
    """Say that an entry may no longer help: nothing names it until it is verified again."""
    found = CrisisResource.objects.select_for_update().get(pk=resource.pk)
    before = found.last_verified_on
    found.last_verified_on = found.verified_by = None
    found.save(update_fields=["last_verified_on", "verified_by"])
    leave_trace("crisis.doubted", found, by, now, before=before and before.isoformat())
    return found


def _check(by: StaffMember) -> None:
    if not access.may_verify(by):
        raise access.NotYoursToWrite


def leave_trace(
    kind: str, resource: CrisisResource, by: StaffMember, now: datetime, **data: Any
) -> None:
    place = {name: getattr(resource, name) for name in PLACE}
    ledger.record(
        kind,
        at=now,
        actor_id=by.pk,
        actor_name=by.name,
        audience=Event.Audience.IN_HOUSE,
        data={"resource_id": resource.pk, **place, **data},
    )
    look_again()
