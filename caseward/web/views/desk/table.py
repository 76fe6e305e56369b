"""The rows of a list as HTML: the hottest part of the desk."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from caseward.casework.listing import Row
from caseward.casework.models import Case
from caseward.core import deadlines
from caseward.org.models import StaffMember
from caseward.policy import queries as policy
from caseward.sla.models import Clock, ClockKind
from caseward.sla.services import facts_of
from caseward.web.look import (
    CLOCK_ICONS,
    PRIORITY_CODES,
    PRIORITY_LABELS,
    STATUS_ICONS,
    brief,
)
from caseward.web.views.desk.showing.promises import AT_RISK_FROM


def table(rows: Sequence[Row], *, reader: StaffMember, now: datetime) -> SafeString:
    """Return the table of some cases."""
    context = {
        "words": _headings(),
        "sprite": static("vendor/lucide/sprite.svg"),
        "rows": [_cells(row, reader, now) for row in rows],
    }
    # Jinja2 escapes every value; nothing here is marked as safe before.
    return mark_safe(render_to_string("casework/rows.html", context, using="jinja2"))  # noqa: S308


def _headings() -> dict[str, str]:
    return {
        "priority": _("Priority"),
        "case": _("Case"),
        "subject": _("Subject"),
        "reason": _("Reason"),
        "language": _("Language"),
        "status": _("Status"),
        "who": _("Worked on by"),
        "due": _("Due"),
        "age": _("Age"),
        "nobody": "–",
        "time_left": _("Share of the time left"),
    }


def _cells(row: Row, reader: StaffMember, now: datetime) -> dict[str, Any]:
    reason = policy.reasons().get(row.reason_id or 0)
    return {
        "reference": row.reference,
        "url": reverse("case", args=[row.reference]),
        "subject": row.title,
        "preview": row.preview,
        "reason": reason.name_in("en") if reason else "",
        "language": row.language,
        "priority": PRIORITY_CODES[row.priority],
        "priority_label": PRIORITY_LABELS[row.priority],
        "status": row.status,
        "status_label": _status(row.status),
        "status_icon": STATUS_ICONS[row.status],
        "who": _who(row, reader),
        "clock": _clock(row, row.clock_kind, now) if row.clock_kind else None,
        "opened_at": row.opened_at.isoformat(),
        "age": brief(now - row.opened_at),
    }


def _status(status: str) -> str:
    return _("Pending") if status == Case.Status.PENDING else str(Case.Status(status).label)


def _who(row: Row, reader: StaffMember) -> str:
    """Name whoever has the case; a vendor's staff are not told which in-house colleague it is."""
    if row.assignee_id is None:
        return ""
    return row.assignee_name or _("Tier 2")


def _clock(row: Row, kind: str, now: datetime) -> dict[str, Any]:
    clock = Clock(
        kind=kind,
        started_at=row.clock_started_at,
        duration=row.clock_duration,
        measured=row.clock_measured,
        site_id=row.clock_site_id,
        pauses=row.clock_pauses,
    )
    facts = facts_of(clock)
    state = _state(facts, row.clock_deadline_at, now)
    due = row.clock_deadline_at
    return {
        "state": state,
        "state_label": f"{ClockKind(kind).label}: {_state_words(state)}",
        "icon": CLOCK_ICONS[state],
        "words": brief(due - now) if due else _("Held"),
        "deadline_at": due.isoformat() if due else now.isoformat(),
        "starts_at": row.clock_started_at.isoformat(),
        "warns_at": (deadlines.moment_of_share(facts, AT_RISK_FROM) or now).isoformat(),
        "share_left": f"{max(0.0, 1 - deadlines.share_spent(facts, at=now)):.3f}",
    }


def _state(facts: deadlines.Clock, due: datetime | None, now: datetime) -> str:
    if due is None:
        return "PAUSED"
    if due < now:
        return "MISSED"
    return "AT_RISK" if deadlines.share_spent(facts, at=now) >= AT_RISK_FROM else "RUNNING"


def _state_words(state: str) -> str:
    return {
        "PAUSED": _("held while the requester is asked"),
        "MISSED": _("missed"),
        "AT_RISK": _("at risk"),
        "RUNNING": _("on time"),
    }[state]
