"""What a case adds to each metric: when, to which part of it, and where the work was done."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from caseward.metrics.story import Escalation, Place, Promise, Story

REOPENED_WITHIN = timedelta(days=7)
SATISFIED_FROM = 4


class Contribution(NamedTuple):
    at: datetime
    part: str
    place: Place


def came_in(story: Story) -> Iterator[Contribution]:
    yield Contribution(story.opened_at, "OPENED", story.place)
    for at in story.reopened:
        yield Contribution(at, "REOPENED", story.place)


def went_out(story: Story) -> Iterator[Contribution]:
    for at in story.resolved:
        yield Contribution(at, "RESOLVED", story.place)


def is_open(story: Story) -> Iterator[Contribution]:
    if not story.is_finished:
        yield Contribution(story.opened_at, "OPEN", story.place)


def first_response(story: Story) -> Iterator[Contribution]:
    return _kept(story.first)


def resolution(story: Story) -> Iterator[Contribution]:
    return _kept(story.resolution)


def _kept(promise: Promise) -> Iterator[Contribution]:
    if promise.decided_at is not None:
        part = "MET" if promise.was_met else "MISSED"
        yield Contribution(promise.decided_at, part, promise.place)


def satisfaction(story: Story) -> Iterator[Contribution]:
    if story.rating is not None and story.rated_at is not None:
        part = "SATISFIED" if story.rating >= SATISFIED_FROM else "OTHER"
        yield Contribution(story.rated_at, part, story.place)


def response(story: Story) -> Iterator[Contribution]:
    if story.asked_at is not None:
        part = "ANSWERED" if story.rating is not None else "SILENT"
        yield Contribution(story.asked_at, part, story.place)


def tier_1_handled(story: Story) -> Iterator[Contribution]:
    """A case tier 1 is done with: escalated (once is enough), or resolved by itself."""
    first = next(iter(story.escalations.values()), None)
    if first:
        yield Contribution(first.raised_at, "ESCALATED", first.place)
    elif story.vendor_id and story.resolved_at:
        yield Contribution(story.resolved_at, "RESOLVED", story.place)


def verdicts(story: Story) -> Iterator[Contribution]:
    for escalation in story.escalations.values():
        yield _verdict(escalation)


def _verdict(escalation: Escalation) -> Contribution:
    return Contribution(escalation.raised_at, escalation.verdict or "UNJUDGED", escalation.place)


def came_back(story: Story) -> Iterator[Contribution]:
    for at in story.resolved:
        is_back = any(at < again <= at + REOPENED_WITHIN for again in story.reopened)
        yield Contribution(at, "REOPENED" if is_back else "STAYED", story.place)
