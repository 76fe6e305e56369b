"""What became of one case, told from its events: plain Python, no database."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


class Event(NamedTuple):
    """An event of the ledger, as far as its meaning for figures goes."""

    kind: str
    at: datetime
    data: Mapping[str, Any]


class Place(NamedTuple):
    """Where work was done; 0 stands for nobody."""

    team_id: int = 0
    site_id: int = 0


NOBODY = Place()


@dataclass(slots=True)
class Promise:
    """How a promise went. It is decided when it is stopped, or when it passes unkept."""

    due_at: datetime | None = None
    was_met: bool | None = None
    decided_at: datetime | None = None
    place: Place = NOBODY

    def stop(self, *, at: datetime, met: bool, place: Place) -> None:
        self.place = place
        if met:
            self.was_met, self.decided_at = True, at
        elif self.was_met is not False:
            self.was_met, self.decided_at = False, self._passed_before(at)

    def miss(self, *, deadline: datetime) -> None:
        self.was_met, self.decided_at = False, deadline

    def run_again(self, *, also_if_missed: bool) -> None:
        """Undo what was decided; what was missed stays so unless another promise holds now."""
        if self.was_met or also_if_missed:
            self.was_met = self.decided_at = None

    def _passed_before(self, at: datetime) -> datetime:
        return min(self.due_at, at) if self.due_at else at


@dataclass(slots=True)
class Escalation:
    raised_at: datetime
    place: Place
    verdict: str = ""
    judged_at: datetime | None = None


@dataclass(slots=True)
class Story:
    case_id: int
    opened_at: datetime
    reference: str
    channel: str
    language: str
    lob_id: int
    vendor_id: int | None
    reason_id: int | None
    place: Place = NOBODY
    first: Promise = field(default_factory=Promise)
    resolution: Promise = field(default_factory=Promise)
    first_replied_at: datetime | None = None
    resolved: list[datetime] = field(default_factory=list)
    reopened: list[datetime] = field(default_factory=list)
    is_finished: bool = False
    escalations: dict[int, Escalation] = field(default_factory=dict)
    asked_at: datetime | None = None
    rating: int | None = None
    rated_at: datetime | None = None
    is_merged: bool = False

    @property
    def resolved_at(self) -> datetime | None:
        return self.resolved[-1] if self.is_finished else None


def tell(case_id: int, events: Iterable[Event]) -> Story | None:
    """Return the story of a case from its events in order; None when its beginning is not known."""
    story: Story | None = None
    for event in _without_taken_back(list(events)):
        if event.kind == "case.opened":
            story = _begin(case_id, event)
        elif story is not None:
            _go_on(story, event)
    return story


def _without_taken_back(events: list[Event]) -> Iterable[Event]:
    """Leave out answers that were taken back, with the resolution that came along with them."""
    taken = {e.data["message_id"] for e in events if e.kind == "message.taken_back"}
    dropped_before = False
    for event in events:
        is_dropped = (event.kind == "message.sent" and event.data["message_id"] in taken) or (
            event.kind == "case.resolved" and dropped_before
        )
        if not is_dropped:
            yield event
        dropped_before = is_dropped


def _begin(case_id: int, event: Event) -> Story:
    data, deadlines = event.data, event.data.get("deadlines", {})
    return Story(
        case_id=case_id,
        opened_at=event.at,
        reference=data["reference"],
        channel=data["channel"],
        language=data["language"],
        lob_id=data["lob_id"],
        vendor_id=data["vendor_id"],
        reason_id=data.get("reason_id"),
        first=Promise(due_at=_moment(deadlines.get("FIRST_RESPONSE"))),
        resolution=Promise(due_at=_moment(deadlines.get("RESOLUTION"))),
    )


def _go_on(story: Story, event: Event) -> None:
    story.lob_id = event.data.get("lob_id") or story.lob_id
    story.vendor_id = event.data.get("vendor_id", story.vendor_id)
    HANDLERS[event.kind](story, event)


def _answered(story: Story, event: Event) -> None:
    story.place = _place(event)
    if event.data["is_first"]:
        story.first_replied_at = event.at
        _stop(story.first, event, event.data.get("met"))


def _resolved(story: Story, event: Event) -> None:
    story.place, story.is_finished = _place(event), True
    story.resolved.append(event.at)
    _stop(story.first, event, event.data.get("first_met"))
    _stop(story.resolution, event, event.data.get("met"))


def _reopened(story: Story, event: Event) -> None:
    story.is_finished = False
    story.reopened.append(event.at)
    story.resolution.run_again(also_if_missed=False)


def _missed(story: Story, event: Event) -> None:
    """Only first response and resolution are figures; the law's clocks have a list of their own."""
    promise = {"FIRST_RESPONSE": story.first, "RESOLUTION": story.resolution}.get(
        event.data["clock"]
    )
    if promise is None or event.data.get("stage"):
        return
    promise.miss(deadline=datetime.fromisoformat(event.data["deadline"]))


def _recomputed(story: Story, event: Event) -> None:
    """A calendar or promise changed: promises end otherwise; one missed by then may be in time."""
    for moved in event.data["clocks"]:
        promise = {"FIRST_RESPONSE": story.first, "RESOLUTION": story.resolution}.get(
            moved["clock"]
        )
        if promise and not moved.get("stage"):
            promise.due_at = _moment(moved["after"])
            if promise.due_at is None or promise.due_at > event.at:
                promise.run_again(also_if_missed=True)


def _transferred(story: Story, event: Event) -> None:
    story.language = event.data.get("language") or story.language
    if event.data.get("from_lob_id") != story.lob_id:
        story.reason_id = None
    _promised_anew(story, event)


def _promised_anew(story: Story, event: Event) -> None:
    """Running clocks are held to other promises: what was missed may be in time after all."""
    if story.first_replied_at is None and not story.resolved:
        story.first.run_again(also_if_missed=True)
    if not story.is_finished:
        story.resolution.run_again(also_if_missed=True)


def _escalated(story: Story, event: Event) -> None:
    story.lob_id = event.data.get("to_lob_id") or story.lob_id
    story.escalations[event.data["escalation_id"]] = Escalation(event.at, _place(event))


def _judged(story: Story, event: Event) -> None:
    escalation = story.escalations.get(event.data["escalation_id"])
    if escalation:
        escalation.verdict, escalation.judged_at = event.data["verdict"], event.at


def _recognised(story: Story, event: Event) -> None:
    story.reason_id = event.data["reason_id"]


def _merged(story: Story, event: Event) -> None:
    story.is_merged = True


def _unmerged(story: Story, event: Event) -> None:
    story.is_merged = False


def _asked(story: Story, event: Event) -> None:
    story.asked_at = story.asked_at or event.at


def _rated(story: Story, event: Event) -> None:
    story.rating, story.rated_at = event.data["rating"], event.at


def _stop(promise: Promise, event: Event, met: bool | None) -> None:
    if met is not None:
        promise.stop(at=event.at, met=met, place=_place(event))


def _place(event: Event) -> Place:
    return Place(event.data.get("team_id") or 0, event.data.get("site_id") or 0)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


HANDLERS: dict[str, Callable[[Story, Event], None]] = {
    "message.sent": _answered,
    "message.taken_back": lambda story, event: None,
    "case.resolved": _resolved,
    "case.reopened": _reopened,
    "clock.missed": _missed,
    "clock.recomputed": _recomputed,
    "case.transferred": _transferred,
    "case.prioritised": _promised_anew,
    "case.escalated": _escalated,
    "escalation.settled": _judged,
    "escalation.returned": _judged,
    "case.recognised": _recognised,
    "case.merged": _merged,
    "case.unmerged": _unmerged,
    "survey.asked": _asked,
    "survey.answered": _rated,
}
KINDS = ["case.opened", *HANDLERS]
