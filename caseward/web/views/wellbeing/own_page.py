"""What somebody's own page shows of what they met, may still meet and do not want to meet."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caseward.casework.models import Case
from caseward.casework.services.stopping import TO_UNDO
from caseward.core.exposure import SEVERE
from caseward.org.models import StaffMember
from caseward.org.queries import name_of_leader
from caseward.policy import queries as policy
from caseward.web.languages import named
from caseward.web.views.desk.showing import moments
from caseward.web.views.wellbeing import words
from caseward.wellbeing import consents, own, queries, stops
from caseward.wellbeing.models import Consent, Glance
from caseward.wellbeing.own import Day, Own

LOOKED_BACK = timedelta(days=28)
NEARLY = 0.8
OTHER_CAPS = (
    "longest_run", "rest_minutes", "cooldown_minutes", "quiet_minutes", "case_minutes", "weights",
)  # those of a shift and a week are the meters  # fmt: skip


def shown(staff: StaffMember, now: datetime) -> dict[str, Any]:
    """Return everything the page shows, asked as the person it is about."""
    mine = own.own_of(staff, now)
    return {
        "may_take_severe": mine.left.max_severity >= SEVERE,
        "until": moments.due(mine.left.until, now=now) if mine.left.until else "",
        "because": words.reasons(mine.left.because),
        "meters": _meters(mine),
        "caps": _caps(mine),
        "days": [_day(day, mine) for day in mine.days],
        "categories": [(words.category(name), words.minutes(m)) for name, m in mine.categories],
        "choices": _choices(staff),
        "requests": [_request(one, now) for one in consents.open_requests_of(staff, now)],
        "can_undo": len(stops.undoable(staff=staff, now=now, keep=TO_UNDO)),
        "looked": _looked(staff, now),
    }


def _meters(mine: Own) -> list[dict[str, Any]]:
    caps, left = mine.caps, mine.left
    return [
        _meter(_("This shift"), left.shift_minutes, caps.shift_minutes),
        _meter(_("Last seven days"), left.week_minutes, caps.week_minutes),
    ]


def _meter(label: str, used: float, cap: float) -> dict[str, Any]:
    share = min(used / cap, 1.0) if cap else 1.0
    values = {"used": words.minutes(used), "cap": words.minutes(cap)}
    return {
        "label": label,
        "share": share,
        "tone": "warn" if share >= NEARLY else "",
        "text": _("%(used)s of %(cap)s counted minutes") % values,
    }


def _caps(mine: Own) -> list[tuple[str, str]]:
    """Return the rules that hold for this person, each as a term and what it is."""
    return [(words.cap_name(name), words.cap_value(name, mine.caps)) for name in OTHER_CAPS]


def _day(day: Day, mine: Own) -> dict[str, Any]:
    cap = mine.caps.shift_minutes
    return {
        "label": date_format(day.on, _("D j M")),
        "share": min(day.counted / cap, 1.0) if cap else 1.0,
        "text": words.minutes(day.counted),
        "cells": [words.minutes(minutes) for minutes in day.by_severity],
    }


def _choices(staff: StaffMember) -> list[dict[str, Any]]:
    """Return every category there is, and those chosen that there are no longer."""
    chosen = queries.opt_outs_of(staff)
    known = {reason.category for reason in policy.reasons().values() if reason.category}
    named = sorted((words.category(slug), slug) for slug in known | chosen)
    return [{"slug": slug, "name": name, "is_out": slug in chosen} for name, slug in named]


def _request(request: Consent, now: datetime) -> dict[str, Any]:
    return {
        "id": request.pk,
        "case": _asked_about(request.case_id),
        "who": request.asked_by.name,
        "why": request.why,
        "until": moments.due(request.expires_at, now=now),
    }


def _asked_about(case_id: int) -> str:
    """Say how severe a case is and what it is about: nobody says yes without knowing that."""
    case = Case.objects.filter(pk=case_id).select_related("reason").first()
    if case is None or case.reason is None:
        return _("This case is not there any more.")
    parts = [case.reference, _("severity %(number)s") % {"number": case.reason.severity}]
    parts += [words.category(case.reason.category)] if case.reason.category else []
    return " · ".join([*parts, named(case.reason)])


def _looked(reader: StaffMember, now: datetime) -> list[dict[str, str]]:
    glances = own.who_looked(now - LOOKED_BACK)
    visible = StaffMember.objects.filter(pk__in={glance.staff_id for glance in glances})
    names = dict(visible.values_list("pk", "name"))
    return [_glance(glance, reader, names, now) for glance in glances]


def _glance(
    glance: Glance, reader: StaffMember, names: Mapping[int, str], now: datetime
) -> dict[str, str]:
    named = names.get(glance.staff_id) or name_of_leader(reader, glance.staff_id)
    return {
        "who": named or _("A lead in-house"),
        "what": _("Sums of groups") if glance.what == "sums" else _("Who can take severe work"),
        "when": moments.moment(glance.at, now=now),
    }
