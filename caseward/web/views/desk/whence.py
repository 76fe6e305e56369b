"""The list somebody came from: how to go back, and what is next there.

The address of a case says it: `list` is the address of the list, `at` the case's place in it. What
is posted from a page belongs to the list of that page.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Self
from urllib.parse import quote_plus, urlencode, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, ResolverMatch, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from caseward.casework.listing import Neighbour, Neighbours, Place, neighbours_of
from caseward.org.models import StaffMember
from caseward.web.views.desk import days, filtering, ordering
from caseward.web.views.desk.case_list import CaseList

LONGEST = 500
LISTS = frozenset(
    {
        "my-cases", "my-pending", "my-snoozed", "my-resolved", "queues", "queue", "tier-2",
        "unfinished",
    }
)  # fmt: skip
NOBODY = Neighbours(None, None)


def list_at(address: str) -> ResolverMatch | None:
    """Return which of our lists has an address; None for an address of anything else."""
    parts = urlsplit(address)
    is_ours = parts.path.startswith("/") and not (parts.scheme or parts.netloc or parts.fragment)
    if not is_ours or len(address) > LONGEST:
        return None
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    return found if found.url_name in LISTS else None


def is_list_address(address: str) -> bool:
    """Say whether an address is that of one of our lists, and nothing else."""
    return list_at(address) is not None


@dataclass(frozen=True, slots=True)
class Whence:
    """A list, the place of a case in it, and whether the case is shown beside it."""

    address: str = ""
    place: Place | None = None
    is_beside: bool = False

    @classmethod
    def read(cls, request: HttpRequest) -> Self:
        """Return where the page that is shown, or that asks, came from."""
        here = request.get_full_path() if request.method == "GET" else ""
        if request.method != "GET" or request.headers.get("HX-Request"):
            here = page_asking(request) or here
        return cls.of(here)

    @classmethod
    def of(cls, page: str) -> Self:
        """Return the list that the address of a page speaks of."""
        query = QueryDict(urlsplit(page).query)
        place = Place.read(query.get("at", ""))
        if is_list_address(page) and "case" in query:
            return cls(without_case(page), place, is_beside=True)
        address = query.get("list", "")
        return cls(address, place) if is_list_address(address) else cls()

    @property
    def on_its_own(self) -> "Whence":
        """Return the same list with its cases on pages of their own."""
        return replace(self, is_beside=False)

    def url_of(self, reference: str, place: Place | None) -> str:
        """Return the address of a case as seen from this list."""
        at = f"&at={quote_plus(str(place))}" if place else ""
        if self.is_beside:
            joint = "&" if "?" in self.address else "?"
            return f"{self.address}{joint}case={reference}{at}"
        url = f"{_above_cases()}{reference}"
        return f"{url}?{_as_value(self.address)}{at}" if self.address else url

    def url_of_neighbour(self, neighbour: Neighbour | None) -> str:
        return self.url_of(neighbour.reference, neighbour.place) if neighbour else ""

    def neighbours(self, reader: StaffMember, now: datetime) -> Neighbours:
        """Return what is above and below in the list, with its filters and in its order."""
        match = list_at(self.address)
        if match is None or self.place is None:
            return NOBODY
        case_list: CaseList = match.func.list_of(reader, **match.kwargs)  # type: ignore[attr-defined]
        query = QueryDict(urlsplit(self.address).query)
        return neighbours_of(
            case_list.pile,
            filtering.read(query, case_list, reader).filters,
            by=reader,
            now=now,
            day_ends_at=days.ends_at(now),
            place=self.place,
            order=ordering.read(query, case_list),
        )


NOWHERE = Whence()


@cache
def _above_cases() -> str:
    """Return what the address of every case begins with: looking up each would cost more."""
    return reverse("case", args=["CW-"]).removesuffix("CW-")


@lru_cache(maxsize=100)
def _as_value(address: str) -> str:
    return urlencode({"list": address})


def page_asking(request: HttpRequest) -> str:
    """Return the address of the page of ours a request was made from, empty if it is not told."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return ""
    parts = urlsplit(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def without_case(page: str) -> str:
    """Return the address of a list without the case that is shown beside it."""
    parts = urlsplit(page)
    query = QueryDict(parts.query, mutable=True)
    for name in ("case", "at"):
        query.pop(name, None)
    return f"{parts.path}?{query.urlencode()}" if query else parts.path


def page_of_case(request: HttpRequest, reference: str) -> str:
    """Return where a case is shown: on the page a verb was asked for on, or on its own."""
    page = page_asking(request)
    parts = urlsplit(page)
    own = reverse("case", args=[reference])
    is_beside = is_list_address(page) and QueryDict(parts.query).get("case") == reference
    return page if parts.path == own or is_beside else own
