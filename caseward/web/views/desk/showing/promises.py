"""The promises of a case: what runs, what is held, what was kept."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from caseward.casework.models import Case
from caseward.core import deadlines
from caseward.org.models import StaffMember
from caseward.sla.models import Clock, Measured
from caseward.sla.services import facts_of
from caseward.web.look import brief
from caseward.web.views.desk.showing import moments

AT_RISK_FROM = 0.75
NOTHING = timedelta(0)


def clocks(case: Case, reader: StaffMember, *, now: datetime) -> list[dict[str, Any]]:
    running = Clock.objects.filter(case=case).select_related("site").order_by("kind")
    return [_clock(clock, now) for clock in running]


def _clock(clock: Clock, now: datetime) -> dict[str, Any]:
    facts = facts_of(clock)
    share = 1 - min(1.0, deadlines.share_spent(facts, at=clock.stopped_at or now))
    state = _state(clock, facts, now)
    warns_at = deadlines.moment_of_share(facts, AT_RISK_FROM)
    return {
        "label": clock.get_kind_display(),
        "state": state,
        "state_label": _words(clock, state),
        "words": _words(clock, state) if clock.stopped_at or state == "PAUSED" else "",
        "left": (clock.deadline_at - now) if clock.deadline_at else NOTHING,
        "deadline_at": clock.deadline_at or now,
        "starts_at": clock.started_at,
        "warns_at": warns_at or now,
        "due": moments.due(clock.deadline_at, now=now) if clock.deadline_at else _("Held"),
        "share_left": f"{share:.3f}",
        "basis": _basis(clock),
    }


def _state(clock: Clock, facts: deadlines.Clock, now: datetime) -> str:
    if clock.stopped_at:
        return "MET" if clock.was_met else "MISSED"
    if clock.deadline_at is None:
        return "PAUSED"
    if clock.deadline_at < now:
        return "MISSED"
    return "AT_RISK" if deadlines.share_spent(facts, at=now) >= AT_RISK_FROM else "RUNNING"


def _words(clock: Clock, state: str) -> str:
    if clock.stopped_at:
        after = {"span": brief(clock.stopped_at - clock.started_at)}
        if state == "MET":
            return _("Kept, after %(span)s") % after
        return _("Missed, after %(span)s") % after
    return {
        "PAUSED": _("Held while the requester is asked"),
        "MISSED": _("Missed"),
        "AT_RISK": _("At risk"),
        "RUNNING": _("On time"),
    }[state]


def _basis(clock: Clock) -> str:
    promised = {"span": brief(clock.duration)}
    if clock.measured == Measured.WORKING and clock.site:
        return _("%(span)s of working time, %(site)s") % {**promised, "site": clock.site.name}
    return _("%(span)s of elapsed time") % promised
