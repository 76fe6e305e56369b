"""The rules in force, what was proposed, and how contracts compare with what vendors got."""

from collections import defaultdict
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from caseward.core.intervals import wilson_interval
from caseward.metrics.models import Daily
from caseward.org import queries as org
from caseward.routing.models import RuleSet
from caseward.routing.rules.changing import MAY_CHANGE_RULES
from caseward.routing.rules.content import Need, Rules
from caseward.routing.rules.in_force import rules_in_force
from caseward.routing.rules.people import people_on
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.showing.moments import moment
from caseward.web.views.lead.page import reach
from caseward.web.views.lead.words import percent, whole
from caseward.web.views.routing import limits, words
from caseward.web.views.routing.words import Names

LATELY = timedelta(days=28)
SHOWN_SETS = 20


@login_required
@require_safe
@never_cache
def rules(request: SignedInRequest) -> HttpResponse:
    """Show how cases are routed and what was proposed."""
    reach(request.user)
    now, called, in_force = timezone.now(), words.names(), rules_in_force()
    context = {
        "heading": _("Routing"),
        "shares": _shares(in_force, called, now.date()),
        "needs": _needs(in_force, called, now.date()),
        "overflow": [
            {"key": key, "text": words.overflow(rule, called)}
            for key, rule in sorted(in_force.overflow.items())
        ],
        "pushing": [words.queue_name(queue_id) for queue_id in sorted(in_force.pushing)],
        "rooms": [
            {"channel": limits.channel(channel), "text": limits.room(room, channel)}
            for channel, room in sorted({"": None, **in_force.rooms}.items())
        ],
        "hold_back": [
            {"queue": words.queue_name(queue_id), "text": limits.hold_back(minutes)}
            for queue_id, minutes in sorted(in_force.hold_back.items())
        ],
        "weights": limits.weights_shown(in_force.weights),
        "sets": [_set(one, now) for one in _sets()],
        "may_change": request.user.role in MAY_CHANGE_RULES,
        "change_url": reverse("routing-propose"),
    }
    return render(request, "routing/rules.html", context)


def _sets() -> list[RuleSet]:
    shown = RuleSet.objects.exclude(state=RuleSet.State.DROPPED)
    with_people = shown.select_related("written_by", "switched_on_by")
    return list(with_people.order_by("-pk")[:SHOWN_SETS])


def _set(one: RuleSet, now: Any) -> dict[str, Any]:
    return {
        "url": reverse("routing-rule-set", args=[one.pk]),
        "go_back_url": reverse("routing-rule-set-act", args=[one.pk, "go-back"]),
        "note": one.note or _("No note"),
        "state": one.get_state_display(),
        "code": one.state,
        "by": one.written_by.name,
        "at": moment(one.written_at, now=now),
        "on_by": one.switched_on_by.name if one.switched_on_by else "",
        "on_at": moment(one.switched_on_at, now=now) if one.switched_on_at else "",
    }


def _shares(in_force: Rules, called: Names, today: date) -> list[dict[str, Any]]:
    """Return each vendor's contracted share beside what it really got, with its interval."""
    got = _got(today - LATELY)
    ids = {lob.key: pk for pk, lob in org.lines_of_business().items()}
    vendors = {vendor.key: pk for pk, vendor in org.vendors().items()}
    rows = []
    for (line, vendor), share in sorted(in_force.shares.items()):
        of_line = got[ids.get(line, 0)]
        total, own = sum(of_line.values()), of_line[vendors.get(vendor, 0)]
        low, high = _interval(own, total)
        rows.append(
            {
                "line": called.line(line),
                "vendor": called.vendor(vendor),
                "contract": percent(share),
                "share": round(100 * share, 1),
                "got": percent(own / total) if total else "",
                "got_share": round(100 * own / total, 1) if total else 0,
                "of": whole(total),
                "is_off": bool(total) and not low <= share <= high,
                "interval": f"{percent(low)}–{percent(high)} %" if total else "",
            }
        )
    return rows


def _interval(own: int, total: int) -> tuple[float, float]:
    if not total:
        return 0.0, 1.0
    found = wilson_interval(successes=own, trials=total)
    return found.low, found.high


def _got(since: date) -> dict[int, dict[int, int]]:
    """Return the cases opened for each line of business and vendor."""
    found: dict[int, dict[int, int]] = defaultdict(lambda: defaultdict(int))
    rows = Daily.objects.filter(
        metric="cases_in", part="OPENED", day__gte=since, vendor_id__gt=0
    ).values_list("lob_id", "vendor_id")
    for lob_id, vendor_id, cases in rows.annotate(cases=Sum("cases")).order_by("lob_id"):
        found[lob_id][vendor_id] = cases
    return found


def _needs(in_force: Rules, called: Names, today: date) -> list[dict[str, Any]]:
    """Return what reasons ask for beyond skill and language, and how many people have it."""
    people = people_on(today)
    able: dict[tuple[str, str], int] = {}
    for pair, need in in_force.needs.items():
        if need != Need():
            able[pair] = sum(
                need.certification in {"", *worker.certifications}
                and any(level >= need.language_level for level in worker.skills.values())
                and any(people.lines.get(lob_id) == pair[0] for lob_id, _language in worker.skills)
                for worker in people.workers.values()
            )
    return [
        {
            "line": called.line(pair[0]),
            "reason": called.reason(*pair),
            "need": words.need(in_force.needs[pair]),
            "people": whole(count),
        }
        for pair, count in sorted(able.items())
    ]
