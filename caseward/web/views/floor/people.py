"""Who is on, doing what and for how long, by team; who has too much and who has nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caseward.casework.floor.people import Worker
from caseward.casework.floor.reading import Doing, Done, Facts, InHand
from caseward.org import queries as org
from caseward.routing import queries as routing
from caseward.routing.models import Availability
from caseward.routing.standing import UNITS_IN_ALL, capacities
from caseward.web.look import age, initials
from caseward.web.views.desk.showing.timeline import SENTENCES
from caseward.web.views.floor.bars import pieces
from caseward.web.views.floor.queues import is_available, queue_name

PEOPLE = 120
"""On one page; the next begins where it ends."""

State = Availability.State
ON = (State.AVAILABLE, State.BUSY, State.BREAK, State.TRAINING, State.DECOMPRESSING)
ICONS = {
    State.AVAILABLE: "circle-check",
    State.BUSY: "circle-dot",
    State.BREAK: "coffee",
    State.TRAINING: "book-open",
    State.OFF: "circle-dashed",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    id: int
    name: str
    initials: str
    state: str
    state_label: str
    icon: str
    since: str
    since_at: str
    why: str
    cases: int
    held: int
    late: int
    load: float
    load_words: str
    reference: str
    case_url: str
    is_writing: bool
    last: str
    last_at: str
    lent: str
    is_overloaded: bool
    is_idle: bool
    urls: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamRows:
    name: str
    place: str
    people: list[PersonRow]
    on: int
    url: str


def person_rows(facts: Facts, workers: Sequence[Worker]) -> list[PersonRow]:
    waiting = {queue for queue, waits in facts.waiting.items() if waits.cases}
    paused = {queue.pk for queue in routing.queues().values() if queue.is_paused}
    return [_row(worker, facts, waiting - paused) for worker in workers]


def full_hands() -> float:
    """Return how much fits into one pair of hands, in units of routing."""
    everything = capacities().get("")
    return everything.at_most if everything else UNITS_IN_ALL


def by_team(rows: Sequence[PersonRow], workers: Sequence[Worker]) -> list[TeamRows]:
    """Return the people of a page by team."""
    of = {worker.id: worker for worker in workers}
    grouped = groupby(rows, key=lambda row: of[row.id].team_id)
    return [_team(team_id, list(people), of) for team_id, people in grouped]


def shown(rows: Sequence[PersonRow], show: str) -> list[PersonRow]:
    """Return the people asked for."""
    if show == "busy":
        return [row for row in rows if row.is_overloaded]
    if show == "idle":
        return [row for row in rows if row.is_idle]
    return list(rows)


def page_of(rows: Sequence[PersonRow], after: int) -> tuple[list[PersonRow], int]:
    """Return a page of people after somebody, and who ends it where more follow, else 0."""
    places = [number for number, row in enumerate(rows, start=1) if row.id == after]
    start = places[0] if places else 0
    page = list(rows[start : start + PEOPLE])
    return page, page[-1].id if len(rows) > start + PEOPLE else 0


def states_bar(rows: Sequence[PersonRow]) -> list[dict[str, object]]:
    """Return how many people do what, as pieces of one bar with their words."""
    counts = [(state, sum(row.state == state for row in rows)) for state in ICONS]
    labels = state_labels()
    return [
        {"piece": piece, "label": labels[State(piece.tone)], "icon": ICONS[State(piece.tone)]}
        for piece in pieces([(state.value, count) for state, count in counts])
    ]


def state_labels() -> dict[State, str]:
    """Return what people do, as a lead may know it: why somebody rests is their own business."""
    return {
        State.AVAILABLE: _("Available"),
        State.BUSY: _("Busy"),
        State.BREAK: _("On a break"),
        State.DECOMPRESSING: _("On a break"),
        State.TRAINING: _("In training"),
        State.OFF: _("Off"),
    }


def _row(worker: Worker, facts: Facts, waiting: set[int]) -> PersonRow:
    doing, hand = facts.doing.get(worker.id), facts.in_hands.get(worker.id, InHand())
    state = _state(doing)
    here = facts.open_now.get(worker.id)
    last = facts.last_done.get(worker.id)
    return PersonRow(
        id=worker.id,
        name=worker.name,
        initials=initials(worker.name),
        state=state.value,
        state_label=state_labels()[state],
        icon=ICONS[state],
        since=age(facts.at - doing.since) if doing else "",
        since_at=doing.since.isoformat() if doing else "",
        why=_why(doing),
        cases=hand.cases,
        held=hand.held,
        late=hand.late,
        load=min(hand.units, full_hands()),
        load_words=_load(hand),
        reference=here.reference if here else "",
        case_url=reverse("case", args=[here.reference]) if here else "",
        is_writing=bool(here and here.is_writing),
        last=_last(last),
        last_at=last.at.isoformat() if last else "",
        lent=_lent(worker),
        is_overloaded=bool(hand.late) or hand.units > full_hands(),
        is_idle=is_available(worker, facts) and not hand.cases and bool(worker.queues & waiting),
        urls={
            "borrow": reverse("floor-borrow", args=[worker.id]),
            "ask": reverse("floor-ask", args=[worker.id]),
        },
    )


def _state(doing: Doing | None) -> State:
    """Return a state as a lead sees it; resting after hard cases is a break like any other."""
    state = State(doing.state) if doing else State.OFF
    return State.BREAK if state == State.DECOMPRESSING else state


def _why(doing: Doing | None) -> str:
    """Return the reason of a state where it is about work."""
    return doing.why if doing and doing.state in {State.BUSY, State.TRAINING} else ""


def _load(hand: InHand) -> str:
    said = ngettext("%(count)d open case", "%(count)d open cases", hand.cases)
    return said % {"count": hand.cases}


def _last(last: Done | None) -> str:
    if last is None:
        return ""
    if last.kind not in SENTENCES:
        return _("Changed what they do") if last.kind.startswith("staff.") else ""
    return _(SENTENCES[last.kind][2]).partition("%(")[0].strip(": ")


def _lent(worker: Worker) -> str:
    queue = routing.queues().get(worker.lent_to or 0)
    return _("Only on %(queue)s") % {"queue": queue_name(queue)} if queue else ""


def _team(team_id: int, people: list[PersonRow], of: dict[int, Worker]) -> TeamRows:
    team, worker = org.teams().get(team_id), of[people[0].id]
    site, vendor = org.sites().get(worker.site_id), org.vendors().get(worker.vendor_id)
    employer = vendor.name if vendor else _("In-house")
    return TeamRows(
        name=team.name if team else _("In no team"),
        place=" · ".join(part for part in (employer, site.name if site else "") if part),
        people=people,
        on=sum(row.state in ON for row in people),
        url=reverse("floor-tell") + (f"?team={team.key}" if team else ""),
    )
