"""Notices: what somebody can still do something about."""

from datetime import datetime
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_POST, require_safe

from caseward.casework.models import Notice
from caseward.casework.services import noticing
from caseward.sla.models import ClockKind
from caseward.web.look import brief
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.desk.typed import typed_number

SAID = {
    "escalation.asked": lazy("Tier 2 asks you something about it"),
    "escalation.returned": lazy("It came back from tier 2, with what to do now"),
    "help.asked": lazy("Your help is asked for"),
    "help.answered": lazy("Your question is answered"),
    "playbook.drop_asked": lazy("You are asked to drop the gates of its earlier reason"),
}


@login_required
@require_safe
def notices(request: SignedInRequest) -> HttpResponse:
    """List what the reader has not yet read, newest first."""
    now = timezone.now()
    unread = noticing.unread(request.user)[: noticing.MOST_SHOWN + 1]
    rows = [_row(notice, now) for notice in unread]
    context = {
        "heading": _("Notices"),
        "rows": rows[: noticing.MOST_SHOWN],
        "has_more": len(rows) > noticing.MOST_SHOWN,
    }
    return render(request, "casework/notices.html", context)


def _row(notice: Notice, now: datetime) -> dict[str, Any]:
    return {
        "id": notice.pk,
        "reference": notice.case.reference,
        "title": notice.case.title or _("(no subject)"),
        "language": notice.case.language,
        "words": SAID[notice.kind] if notice.kind in SAID else _words(notice.data, now),
        "at": notice.at,
        "when": moment(notice.at, now=now),
    }


def _words(data: dict[str, Any], now: datetime) -> str:
    """Say which promise is how far spent, and how much is left of it."""
    left = datetime.fromisoformat(data["deadline"]) - now
    facts = {
        "clock": ClockKind(data["clock"]).label,
        "share": round(100 * data["share"]),
        "left": brief(abs(left)),
    }
    if left.total_seconds() < 0:
        return _("%(clock)s: missed by %(left)s") % facts
    return _("%(clock)s: %(share)d %% of the time is gone, %(left)s left") % facts


@login_required
@require_POST
def read(request: SignedInRequest) -> HttpResponse:
    """Mark one notice as read, or all."""
    number = typed_number(request, "notice")
    noticing.mark_read(staff=request.user, now=timezone.now(), notice_id=number)
    return redirect("notices")
