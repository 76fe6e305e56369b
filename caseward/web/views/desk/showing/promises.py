"""The promises of a case: what runs, what is held, what was kept."""

from datetime import datetime, timedelta
from math import inf
from typing import Any

from django.utils.translation import gettext as _

from caseward.casework.models import Case
from caseward.core import deadlines
from caseward.sla.models import NOT_OUR_WORK, Clock, Measured
from caseward.sla.services import facts_of
from caseward.web.look import brief
from caseward.web.views.desk.showing import moments
from caseward.web.views.desk.showing.law import basis_of_stage, law_of
from caseward.web.views.law.words import long

AT_RISK_FROM = 0.75
DAYS = {Measured.DAYS: "calendar_day", Measured.BUSINESS_DAYS: "business_day"}
NOTHING = timedelta(0)


def kept(case: Case) -> list[Clock]:
    """Return the clocks of a case that count: those that run first, the soonest first of all."""
    found = Clock.objects.filter(case=case, turn=0).select_related("site").order_by("kind", "pk")
    return sorted(found, key=lambda clock: (clock.stopped_at is not None, _ends(clock)))


def clocks(found: list[Clock], *, now: datetime) -> list[dict[str, Any]]:
    return [_clock(clock, now) for clock in found]


def _ends(clock: Clock) -> float:
    """Return what running clocks are sorted by; a held one comes after the others."""
    if clock.stopped_at:
        return clock.stopped_at.timestamp()
    return clock.deadline_at.timestamp() if clock.deadline_at else inf


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
        "law": law_of(clock),
    }


def _state(clock: Clock, facts: deadlines.Clock, now: datetime) -> str:
    if clock.stopped_at:
        return "MET" if clock.was_met else "MISSED"
    if clock.deadline_at is None:
        return "PAUSED"
    if clock.kind in NOT_OUR_WORK:
        return "RUNNING"
    if clock.deadline_at < now:
        return "MISSED"
    return "AT_RISK" if deadlines.share_spent(facts, at=now) >= AT_RISK_FROM else "RUNNING"


def _words(clock: Clock, state: str) -> str:
    if clock.stopped_at:
        after = {"span": brief(clock.stopped_at - clock.started_at)}
        if clock.kind in NOT_OUR_WORK:
            return _("Over, after %(span)s") % after
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
    if clock.preset_id:
        return basis_of_stage(clock)
    promised = {"span": brief(clock.duration)}
    if clock.measured == Measured.WORKING and clock.site:
        return _("%(span)s of working time, %(site)s") % {**promised, "site": clock.site.name}
    if clock.measured == Measured.WORKING:
        return _("%(span)s of working time, %(site)s") % {**promised, "site": clock.market}
    if clock.measured in DAYS:
        return _("%(span)s, %(place)s") % {"span": _days(clock), "place": clock.market}
    return _("%(span)s of elapsed time") % promised


def _days(clock: Clock) -> str:
    return long(clock.duration.days, DAYS[Measured(clock.measured)])
