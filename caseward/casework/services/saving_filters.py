"""Keeping a narrowed list under a name of one's own."""

from django.db import IntegrityError, transaction

from caseward.casework.models import SavedFilter
from caseward.org.models import StaffMember

MOST = 30


class NameTaken(Exception):
    """This person has a filter of that name already."""


class TooManyFilters(Exception):
    """This person has as many filters as a list can show."""


class NoSuchFilter(Exception):
    """No such filter, or not this person's."""


def save_filter(*, by: StaffMember, name: str, query: str) -> SavedFilter:
    """Keep the address of a narrowed list.

    Raises:
        NameTaken, TooManyFilters: see there.
    """
    if SavedFilter.objects.filter(staff=by).count() >= MOST:
        raise TooManyFilters(by.pk)
    try:
        with transaction.atomic():
            return SavedFilter.objects.create(staff=by, name=name, query=query)
    except IntegrityError:
        raise NameTaken(name) from None


def rename_filter(*, by: StaffMember, filter_id: int, name: str) -> None:
    """Give a filter another name.

    Raises:
        NameTaken, NoSuchFilter: see there.
    """
    try:
        with transaction.atomic():
            changed = SavedFilter.objects.filter(staff=by, pk=filter_id).update(name=name)
    except IntegrityError:
        raise NameTaken(name) from None
    if not changed:
        raise NoSuchFilter(filter_id)


def delete_filter(*, by: StaffMember, filter_id: int) -> None:
    """Throw a filter away; doing so twice changes nothing."""
    SavedFilter.objects.filter(staff=by, pk=filter_id).delete()
