"""What the address of the backlog page asks for."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.casework.listing import KINDS, Filters, Pile
from caseward.metrics.access import Reach
from caseward.metrics.flow import Part
from caseward.org import queries as org
from caseward.org.models import Language
from caseward.routing import queries as routing
from caseward.web.views.lead import places
from caseward.web.views.lead.choice import Filter, read_day

MOST_HOURS = 400
STEP_HOURS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Part of the backlog, the two kinds it is split by, extra hours a day, and a day to be clear.

    Each of `lob`, `language` and `vendor` is as lists of cases say it; empty for all.
    """

    lob: str
    language: str
    vendor: str
    rows: str
    columns: str
    hours: int
    clear_by: date | None
    reach: Reach

    @property
    def narrowed(self) -> dict[str, str]:
        chosen = {"lob": self.lob, "language": self.language, "vendor": self.vendor}
        return {name: value for name, value in chosen.items() if value}

    def pile(self) -> Pile:
        queues = routing.queues().values()
        return Pile.unfinished(queue.pk for queue in queues if queue.lob_id in self.reach.lob_ids)

    def filters(self) -> Filters:
        return Filters(
            lob_id=int(self.lob) if self.lob else None,
            language=self.language or None,
            vendor_id=int(self.vendor) if self.vendor else None,
        )

    def part(self) -> Part:
        return Part(
            lob_ids=frozenset({int(self.lob)}) if self.lob else self.reach.lob_ids,
            vendor_id=int(self.vendor) if self.vendor else None,
            language=self.language or None,
        )

    def cases_url(self, **kinds: str) -> str:
        """Return the list of exactly the cases of this part that are of some kinds."""
        return f"{reverse('unfinished')}?{urlencode({**self.narrowed, **kinds})}"

    def campaign_url(self) -> str:
        return f"{reverse('campaign-new')}?{urlencode(self.narrowed)}"


def read(query: QueryDict, *, reach: Reach) -> Asked:
    """Read the address; what makes no sense is as usual."""
    rows = _one_of(query.get("rows", ""), KINDS, "age")
    return Asked(
        lob=_one_of(query.get("lob", ""), [key for key, _name in lobs(reach)]),
        language=_one_of(query.get("language", ""), Language.values),
        vendor=_one_of(query.get("vendor", ""), [key for key, _name in vendors()]),
        rows=rows,
        columns=_other_than(rows, query.get("columns", "")),
        hours=_hours(query.get("hours", "")),
        clear_by=read_day(query.get("clear_by", "")),
        reach=reach,
    )


def _one_of(asked: str, known: list[str] | tuple[str, ...], usual: str = "") -> str:
    return asked if asked in known else usual


def _other_than(rows: str, asked: str) -> str:
    usual = "due" if rows != "due" else "age"
    return asked if asked in KINDS and asked != rows else usual


def _hours(text: str) -> int:
    is_number = text.isascii() and text.isdecimal() and len(text) <= 4
    return min(int(text), MOST_HOURS) if is_number else 0


def lobs(reach: Reach) -> list[tuple[str, str]]:
    return [(str(place.id), place.name) for place in places.lobs() if place.id in reach.lob_ids]


def vendors() -> list[tuple[str, str]]:
    named = [(str(pk), vendor.name) for pk, vendor in org.vendors().items()]
    return [*named, ("0", _("No vendor"))]


def kinds() -> dict[str, str]:
    """Return what a backlog can be split by."""
    return {
        "age": _("Age"),
        "due": _("Deadline"),
        "language": _("Language"),
        "lob": _("Line of business"),
        "vendor": _("Vendor"),
        "reason": _("Reason"),
    }


def fields(asked: Asked) -> list[Filter]:
    """Return the lists to choose from above the page."""
    named = list(kinds().items())
    by = {"rows": asked.rows, "columns": asked.columns}
    labels = {"rows": _("Rows"), "columns": _("Columns")}
    offered = [
        Filter("lob", _("All lines of business"), asked.lob, lobs(asked.reach)),
        Filter("language", _("All languages"), asked.language, list(Language.choices)),
        Filter("vendor", _("All vendors"), asked.vendor, vendors()),
        *(Filter(name, labels[name], by[name], named, is_required=True) for name in by),
    ]
    return [field for field in offered if len(field.options) > 1]
