"""Everything a picture of the floor says, before it is HTML."""

from collections.abc import Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.casework.floor.cases import worst_cases
from caseward.casework.floor.people import Scope, workers
from caseward.casework.floor.reading import Facts
from caseward.web.views.floor import choice, flow, moves, people, queues, worst
from caseward.web.views.floor.people import PersonRow
from caseward.web.views.floor.queues import QueueRow
from caseward.web.views.lead.words import whole


def floor(facts: Facts, scope: Scope, *, show: str, after: int, may_move: bool) -> dict[str, Any]:
    """Return what the page of a part of the floor says."""
    mine = scope.people()
    everybody = people.person_rows(facts, mine)
    page, more = people.page_of(people.shown(everybody, show), after)
    rows = queues.queue_rows(facts, scope, workers())
    return {
        "at": facts.at,
        "tiles": _tiles(rows, everybody),
        "flow": flow.flow(scope, facts.at),
        "states": people.states_bar(everybody),
        "queues": rows,
        "worst": worst.worst_rows(worst_cases(facts, scope), facts.at),
        "teams": people.by_team(page, mine),
        "shows": _shows(everybody, scope, show),
        "more_url": _url(scope, show, more) if more else "",
        "first_url": _url(scope, show, 0) if after else "",
        "moves": moves.move_rows(scope, facts.at),
        "may_move": may_move,
        "full_hands": people.full_hands(),
    }


def wall(facts: Facts, scope: Scope) -> dict[str, Any]:
    """Return what a screen on a wall says: sums and queues, nobody's name."""
    rows = queues.queue_rows(facts, scope, workers())
    everybody = people.person_rows(facts, scope.people())
    return {
        "at": facts.at,
        "tiles": _tiles(rows, everybody)[:4],
        "queues": rows,
        "flow": flow.flow(scope, facts.at),
    }


def _tiles(rows: Sequence[QueueRow], everybody: Sequence[PersonRow]) -> list[dict[str, Any]]:
    late, soon = sum(row.late for row in rows), sum(row.soon for row in rows)
    available = sum(row.state == people.State.AVAILABLE for row in everybody)
    on = sum(row.state in people.ON for row in everybody)
    in_hand, held = sum(row.in_hand for row in rows), sum(row.held for row in rows)
    return [
        _tile(_("Late"), late, _("past what was promised"), "danger" if late else "good"),
        _tile(_("Due within the hour"), soon, _("still to be kept"), "warn" if soon else ""),
        _tile(_("Waiting"), sum(row.waiting for row in rows), _("in no hands yet"), ""),
        _tile(
            _("Available"),
            available,
            _("of %(on)s on the floor, %(all)s in all")
            % {"on": whole(on), "all": whole(len(everybody))},
            "",
        ),
        _tile(
            _("In hand"),
            in_hand,
            _("and %(held)s waiting for the requester") % {"held": whole(held)},
            "",
        ),
    ]


def _tile(label: str, count: int, about: str, tone: str) -> dict[str, Any]:
    return {"label": label, "value": whole(count), "about": about, "tone": tone}


def _shows(everybody: Sequence[PersonRow], scope: Scope, show: str) -> list[dict[str, Any]]:
    busy = sum(row.is_overloaded for row in everybody)
    idle = sum(row.is_idle for row in everybody)
    choices = [
        ("", _("Everybody"), len(everybody), ""),
        ("busy", _("Too much in hand"), busy, "danger"),
        ("idle", _("Free while cases wait"), idle, "warn"),
    ]
    return [
        {
            "url": _url(scope, key, 0) + "#people",
            "label": label,
            "count": count,
            "tone": tone if count else "",
            "is_current": key == show,
        }
        for key, label, count, tone in choices
    ]


def _url(scope: Scope, show: str, after: int) -> str:
    query = choice.query_of(scope, show)
    return f"{reverse('floor')}?{query}" + (f"&after={after}#people" if after else "")
