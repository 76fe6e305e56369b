"""The list of cases an address names, for what acts on whole lists."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from django.http import Http404, QueryDict
from django.urls import resolve

from caseward.casework.listing import Filters
from caseward.org.models import StaffMember
from caseward.web.views.desk import filtering
from caseward.web.views.desk.case_list import CaseList


@dataclass(frozen=True, slots=True)
class Listed:
    """A list and what its address narrows it to."""

    case_list: CaseList
    filters: Filters
    left_out: str  # what it could not be narrowed to, as a sentence


def list_at(address: str, staff: StaffMember) -> Listed | None:
    """Return the list an address of ours names, None for any other."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/"):
        return None
    try:
        case_list = case_list_at(parts.path, staff)
    except Http404:
        return None
    wanted = filtering.read(QueryDict(parts.query), case_list, staff)
    return Listed(case_list, wanted.filters, wanted.left_out)


def case_list_at(path: str, staff: StaffMember) -> CaseList:
    """Return the list at a path of ours.

    Raises:
        Http404: there is none, or not one for this person.
    """
    found = resolve(path)
    list_of = getattr(found.func, "list_of", None)
    if list_of is None:
        raise Http404(path)
    case_list: CaseList = list_of(staff, **found.kwargs)
    return case_list
