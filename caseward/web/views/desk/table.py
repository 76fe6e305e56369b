"""The rows of a list as HTML: the hottest part of the desk."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from types import SimpleNamespace
from typing import NamedTuple

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from caseward.casework.listing import Place, Row, RowClock
from caseward.casework.models import Case
from caseward.core import deadlines
from caseward.policy import queries as policy
from caseward.sla.models import ClockKind
from caseward.sla.services import facts_of
from caseward.web.languages import named
from caseward.web.look import (
    CLOCK_ICONS,
    PRIORITY_CODES,
    PRIORITY_LABELS,
    STATUS_ICONS,
    age,
    brief,
)
from caseward.web.views.desk.showing.promises import AT_RISK_FROM
from caseward.web.views.desk.whence import NOWHERE, Whence


@dataclass(frozen=True, slots=True)
class Words:
    """What every row says, looked up once for all of them."""

    statuses: dict[str, str]
    priorities: dict[int, str]
    states: dict[str, str]
    clocks: dict[str, str]
    reasons: dict[int | None, str]
    held: str
    in_house: str
    nobody: str


class ClockCell(NamedTuple):
    """What a row says of its clock, escaped."""

    state: str
    state_label: str
    icon: str
    words: str
    deadline_at: str
    starts_at: str
    warns_at: str
    share_left: str


class Cells(NamedTuple):
    """What a row says, escaped: once here instead of at each of forty places in its template.

    What is none of our own codes, numbers and times goes through `escape`. They are attributes, as
    Jinja2 finds them faster than keys.
    """

    reference: str
    url: str
    own_url: str
    is_chosen: bool
    subject: str
    preview: str
    reason: str
    language: str
    priority: str
    priority_label: str
    status: str
    status_label: str
    status_icon: str
    who: str
    clock: ClockCell | None
    opened_at: str
    age: str


def table(
    rows: Sequence[Row],
    *,
    now: datetime,
    whence: Whence = NOWHERE,
    places: Iterable[Place] = (),
    chosen: str = "",
    arranged_with: str = "",
    is_tickable: bool = False,
) -> SafeString:
    """Return the table of some cases.

    Args:
        whence: The list they are in; a case remembers it.
        places: Where in the list each is.
        chosen: The reference of the case that is shown beside the list.
        arranged_with: The token of forms that move a row; empty where rows cannot be moved.
        is_tickable: Whether many of them can be acted on; the page has the form `bulk` then.
    """
    words, at = _words(rows), {place.row_id: place for place in places}
    context = {
        "words": _headings(),
        "token": arranged_with,
        "sprite": static("vendor/lucide/sprite.svg"),
        "is_tickable": is_tickable,
        "rows": [_cells(row, words, now, whence, at.get(row.id), chosen) for row in rows],
    }
    # Every value is escaped: those of a row in `Cells`, the others by Jinja2.
    return mark_safe(render_to_string("casework/rows.html", context, using="jinja2"))  # noqa: S308


def _headings() -> SimpleNamespace:
    return SimpleNamespace(
        priority=_("Priority"),
        case=_("Case"),
        subject=_("Subject"),
        reason=_("Reason"),
        language=_("Language"),
        status=_("Status"),
        who=_("Worked on by"),
        due=_("Due"),
        age=_("Age"),
        tick=_("Tick"),
        tick_all=_("Tick every case on this page"),
        move=_("Move"),
        up=_("Move up"),
        down=_("Move down"),
        top=_("Move to the top"),
        back=_("Back to its place by deadline"),
        time_left=_("Share of the time left"),
    )


def _words(rows: Iterable[Row]) -> Words:
    reasons, wanted = policy.reasons(), {row.reason_id for row in rows}
    return Words(
        statuses={**_labels(Case.Status.choices), Case.Status.PENDING: _("Pending")},
        priorities={number: escape(str(label)) for number, label in PRIORITY_LABELS.items()},
        reasons={pk: escape(named(reason)) for pk, reason in reasons.items() if pk in wanted},
        states={
            "PAUSED": _("held while the requester is asked"),
            "MISSED": _("missed"),
            "AT_RISK": _("at risk"),
            "RUNNING": _("on time"),
        },
        clocks=_labels(ClockKind.choices),
        held=_("Held"),
        in_house=_("Tier 2"),
        nobody="–",
    )


def _labels(choices: Iterable[tuple[str, object]]) -> dict[str, str]:
    """Return what each code is called, translated and escaped once for all rows."""
    return {code: escape(str(label)) for code, label in choices}


def _cells(
    row: Row, words: Words, now: datetime, whence: Whence, place: Place | None, chosen: str
) -> Cells:
    own_url = whence.on_its_own.url_of(row.reference, place) if whence.is_beside else ""
    return Cells(
        reference=row.reference,
        url=escape(whence.url_of(row.reference, place)),
        own_url=escape(own_url),
        is_chosen=row.reference == chosen,
        subject=escape(row.title),
        preview=escape(row.preview),
        reason=words.reasons.get(row.reason_id, ""),
        language=row.language,
        priority=PRIORITY_CODES[row.priority],
        priority_label=words.priorities[row.priority],
        status=row.status,
        status_label=words.statuses[row.status],
        status_icon=STATUS_ICONS[row.status],
        who=_who(row, words),
        clock=_clock(row.clock, words, now) if row.clock else None,
        opened_at=row.opened_at.isoformat(),
        age=age(now - row.opened_at),
    )


def _who(row: Row, words: Words) -> str:
    """Name whoever has the case; a vendor's staff are not told which in-house colleague it is."""
    if row.assignee_id is None:
        return words.nobody
    return escape(row.assignee_name) if row.assignee_name else words.in_house


def _clock(clock: RowClock, words: Words, now: datetime) -> ClockCell:
    facts, due = facts_of(clock), clock.deadline_at
    share_left = 1 - deadlines.share_spent(facts, at=now)
    state = _state(share_left, due, now)
    return ClockCell(
        state=state,
        state_label=f"{words.clocks[clock.kind]}: {words.states[state]}",
        icon=CLOCK_ICONS[state],
        words=brief(due - now) if due else words.held,
        deadline_at=(due or now).isoformat(),
        starts_at=clock.started_at.isoformat(),
        warns_at=(deadlines.moment_of_share(facts, AT_RISK_FROM) or now).isoformat(),
        share_left=f"{max(0.0, share_left):.3f}",
    )


def _state(share_left: float, due: datetime | None, now: datetime) -> str:
    if due is None:
        return "PAUSED"
    if due < now:
        return "MISSED"
    return "AT_RISK" if share_left <= 1 - AT_RISK_FROM else "RUNNING"
