"""The floor: a simulation of everybody at work, one thing after the other.

Time moves from one thing due to the next. Whoever is at work and free takes the most urgent case
they may take, their own first where those are as urgent; nobody works two cases at once, and
nobody answers outside their shift.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush, heapreplace
from itertools import count
from random import Random

from caseward.casework.models import Case
from caseward.casework.services import NewCase
from caseward.core.exposure import MOST_SEVERE, SEVERE
from caseward.jobs.demo import acts, reacting, texts, working
from caseward.jobs.demo.books import Registry, catch_up, open_book, write_down
from caseward.jobs.demo.demand import Arrival
from caseward.jobs.demo.habits import OF, Habits, minutes_of_work
from caseward.jobs.demo.shifts import Rota
from caseward.jobs.demo.stories import Story, new_case, unused_number
from caseward.jobs.demo.world import Member, World

NOTICING = (15, 110)  # seconds until somebody free sees what waits
BREATHING = (10, 70)  # seconds between two cases
SHORTEST_STRETCH = timedelta(minutes=6)  # with less left of a shift nobody begins

MILD = SEVERE - 1

type Ranked = tuple[int, int, Story]


@dataclass(slots=True, eq=False)
class Desk:
    """One member at work: what they hold, and whether they are busy."""

    member: Member
    rota: Rota
    own: list[Ranked] = field(default_factory=list)
    held: list[Story] = field(default_factory=list)
    is_busy: bool = False
    is_looking: bool = False


class Floor:
    """Everybody, everything that waits, and what happens next."""

    def __init__(
        self,
        world: World,
        rotas: Mapping[int, Rota],
        *,
        registry: Registry,
        now: datetime,
        random: Random,
    ) -> None:
        self.world, self.registry, self.now, self.random = world, registry, now, random
        self.at = now
        self._references: set[str] = set()
        self.desks = {m.id: Desk(m, rotas[m.id]) for m in world.members}
        self.incident: list[Story] = []
        self._waiting: dict[int, list[Ranked]] = {queue_id: [] for queue_id in world.queues}
        self._able = {q: [self.desks[m.id] for m in able] for q, able in world.able.items()}
        self._due: list[tuple[datetime, int, Callable[..., None], tuple[object, ...]]] = []
        self._order = count()
        self._open: dict[int, Story] = {}
        self._last: list[Story] = []  # refer to other cases, so are written after all of those

    def run(self, arrivals: Sequence[Arrival]) -> Iterator[Story]:
        """Play everything up to now; yield each story as soon as nothing more happens to it."""
        for desk in self.desks.values():
            for opening in desk.rota.openings:
                self._at(opening.opens_at, self.look, desk)
        coming = iter(arrivals)
        self._await_next(coming)
        while self._due and self._due[0][0] <= self.now:
            self.at, _, what, arguments = heappop(self._due)
            what(*arguments)
            if isinstance(story := arguments[0], Story) and self._is_over(story):
                yield from self._let_go(story)
        yield from self._let_go_of_the_rest()

    def habits_of(self, member_id: int | None) -> Habits:
        """Return how somebody works."""
        desk = self.desks.get(member_id or 0)
        return OF[desk.member.vendor_key if desk else ""]

    def later(
        self, after: timedelta, what: Callable[..., None], story: Story, *more: object
    ) -> None:
        """Do something to a story after a while, unless the history has ended by then."""
        story.pending += 1
        whole = timedelta(seconds=max(int(after.total_seconds()), 1))
        self._at(self.at + whole, self._do, story, what, *more)

    def write(self, story: Story, act: acts.Act) -> None:
        write_down(story.book, act)

    def catch_up(self, story: Story) -> None:
        catch_up(story.book, until=self.at)

    def put_in_queue(self, story: Story) -> None:
        """Let a case wait, and let somebody free who may take it notice."""
        case = story.book.case
        heappush(self._waiting[case.queue_id], (case.urgency, case.pk, story))
        free = [desk for desk in self._able.get(case.queue_id, ()) if self._is_free(desk)]
        if free:
            self._look_soon(self.random.choice(free), NOTICING)

    def put_on_desk(self, story: Story, doing: str) -> None:
        """Put a case on the to-do list of whoever holds it."""
        case = story.book.case
        desk = self.desks.get(case.assignee_id or 0)
        if desk is None:
            self.put_in_queue(story)
            return
        story.doing = doing
        desk.held.append(story)
        heappush(desk.own, (case.urgency, case.pk, story))
        if self._is_free(desk):
            self._look_soon(desk, NOTICING)

    def look(self, desk: Desk) -> None:
        """Let somebody see what is there, and begin on the most urgent of it."""
        desk.is_looking = False
        until = desk.rota.at_work_until(self.at)
        if desk.is_busy or until is None or until - self.at < SHORTEST_STRETCH:
            return
        story = self._most_urgent(desk)
        if story is not None:
            self._begin(desk, story, until)

    def _begin(self, desk: Desk, story: Story, until: datetime) -> None:
        desk.is_busy = True
        desk.held.append(story)
        minutes = minutes_of_work(OF[desk.member.vendor_key], self.random)
        takes = min(timedelta(minutes=minutes), until - self.at - timedelta(seconds=5))
        working.begin(self, story, desk.member, takes)
        self.later(takes, self._end, story, desk)

    def _end(self, story: Story, desk: Desk) -> None:
        working.finish(self, story, desk.member)
        desk.is_busy = False
        self._look_soon(desk, BREATHING)

    def _most_urgent(self, desk: Desk) -> Story | None:
        """Return, and take off its list, the most urgent case somebody may work."""
        lists = [(desk.own, desk.member.id), *((self._waiting[q], q) for q in desk.member.queues)]
        most = MILD if self._holds_the_worst(desk) else MOST_SEVERE
        best, chosen = None, None
        for ranked, place in lists:
            is_own = ranked is desk.own
            head = _head(ranked, _is_on_desk_of if is_own else _still_waits, place)
            if head is None or not (is_own or self._severity(head[2]) <= most):
                continue
            if best is None or head[:2] < best[:2]:
                best, chosen = head, ranked
        return heappop(chosen)[2] if chosen else None

    def _severity(self, story: Story) -> int:
        return self.world.severities.get(story.book.case.reason_id, 0)

    def _holds_the_worst(self, desk: Desk) -> bool:
        """Say whether somebody has material of the worst kind in hand: nothing severe is added."""
        desk.held = [s for s in desk.held if _is_in_hands_of(s, desk.member.id)]
        return any(self._severity(story) == MOST_SEVERE for story in desk.held)

    def _is_free(self, desk: Desk) -> bool:
        until = desk.rota.at_work_until(self.at)
        has_time = until is not None and until - self.at > 2 * SHORTEST_STRETCH
        return has_time and not desk.is_busy and not desk.is_looking

    def _look_soon(self, desk: Desk, seconds: tuple[int, int]) -> None:
        if not desk.is_looking:
            desk.is_looking = True
            self._at(self.at + timedelta(seconds=self.random.randint(*seconds)), self.look, desk)

    def _await_next(self, coming: Iterator[Arrival]) -> None:
        arrival = next(coming, None)
        if arrival is not None:
            self._at(arrival.at, self._arrive, arrival, coming)

    def _arrive(self, arrival: Arrival, coming: Iterator[Arrival]) -> None:
        self._await_next(coming)
        voice, number = texts.voice(arrival.language, self.random), self.new_number()
        new = new_case(arrival, self.world, voice, number, self.random)
        book = open_book(acts.Open(at=self.at, new=new, number=number), self.registry)
        story = Story(book, voice, arrival.lob, arrival.reason, new.people[0].email)
        self._open[book.case.pk] = story
        reacting.after_writing(self, story, arrival)
        self.put_in_queue(story)

    def new_number(self) -> int:
        return unused_number(self._references, self.random)

    def open_repeat(self, first: Story, new: NewCase, number: int) -> None:
        """Open the case of somebody who writes the same again."""
        book = open_book(acts.Open(at=self.at, new=new, number=number), self.registry)
        story = Story(book, first.voice, first.lob, first.reason, first.email, repeats=first)
        first.repeated = story
        self._open[book.case.pk] = story
        self.put_in_queue(story)

    def _at(self, at: datetime, what: Callable[..., None], *arguments: object) -> None:
        heappush(self._due, (at, next(self._order), what, arguments))

    def _do(self, story: Story, what: Callable[..., None], *more: object) -> None:
        story.pending -= 1
        what(story, *more)

    def _is_over(self, story: Story) -> bool:
        is_known = story.book.case.pk in self._open
        return is_known and story.pending == 0 and story.book.case.is_finished

    def _let_go(self, story: Story) -> Iterator[Story]:
        del self._open[story.book.case.pk]
        catch_up(story.book, until=self.now)
        if story.book.case.merged_into_id or story.book.links:
            self._last.append(story)
        else:
            yield story

    def _let_go_of_the_rest(self) -> Iterator[Story]:
        for story in list(self._open.values()):
            yield from self._let_go(story)
        yield from self._last


def _head(ranked: list[Ranked], is_current: Callable[[Story, int], bool], at: int) -> Ranked | None:
    """Return the first of a list that is still as it was when it was put there."""
    while ranked:
        urgency, _, story = ranked[0]
        case = story.book.case
        if not is_current(story, at):
            heappop(ranked)
        elif urgency != case.urgency:
            heapreplace(ranked, (case.urgency, case.pk, story))
        else:
            return ranked[0]
    return None


def _is_in_hands_of(story: Story, member_id: int) -> bool:
    case = story.book.case
    return case.assignee_id == member_id and case.status in Case.WAITING


def _is_on_desk_of(story: Story, member_id: int) -> bool:
    case = story.book.case
    return bool(story.doing) and case.assignee_id == member_id and not case.is_finished


def _still_waits(story: Story, queue_id: int) -> bool:
    case = story.book.case
    waits = case.assignee_id is None and case.status in Case.WAITING
    return waits and case.queue_id == queue_id
