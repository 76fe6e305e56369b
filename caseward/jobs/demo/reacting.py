"""What requesters do: grow impatient, write twice, answer, come back, and rate."""

from dataclasses import replace
from datetime import timedelta
from math import log
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from caseward.core.references import reference_from
from caseward.jobs.demo import acts, texts
from caseward.jobs.demo.demand import INCIDENT, MARKETS, Arrival
from caseward.jobs.demo.habits import OF

if TYPE_CHECKING:
    from caseward.jobs.demo.floor import Floor
    from caseward.jobs.demo.stories import Story

ZONES = {language: ZoneInfo(zone) for language, _, zone, _ in MARKETS}
REPLY_BY = {"EMAIL": "EMAIL", "IN_APP": "EMAIL", "APPEAL": "EMAIL", "FORM": "FORM"}

WRITES_TWICE = 0.025
ASKS_WHERE_IT_IS = 0.3
ANSWERS = 0.72
GIVES_UP_AFTER = timedelta(days=4)
RATES = 0.235
COMMENTS = 0.4


def after_writing(floor: "Floor", story: "Story", arrival: Arrival) -> None:
    """Plan what somebody does while they wait for the first answer."""
    random = floor.random
    if random.random() < WRITES_TWICE:
        floor.later(timedelta(minutes=random.uniform(4, 150)), _write_again, story, floor, arrival)
    if random.random() < ASKS_WHERE_IT_IS:
        floor.later(_hours(floor, 22), _ask_where_it_is, story, floor)
    if (arrival.lob, arrival.reason) == INCIDENT:
        floor.incident.append(story)


def _write_again(story: "Story", floor: "Floor", arrival: Arrival) -> None:
    if story.book.case.is_finished or story.answers:
        return
    first = story.book
    number = floor.new_number()
    letter = texts.request(arrival.reason, story.voice, floor.random)
    again = replace(
        first.new, title=letter.subject, text=letter.body, reference=reference_from(number)
    )
    floor.open_repeat(story, again, number)


def _ask_where_it_is(story: "Story", floor: "Floor") -> None:
    if not story.answers and not story.book.case.is_finished:
        _write(floor, story)


def after_question(floor: "Floor", story: "Story") -> None:
    """Plan what follows a question: an answer at a waking hour, or silence."""
    if floor.random.random() < ANSWERS:
        floor.later(_hours(floor, 5), _answer, story, floor, story.asked)
    else:
        floor.later(GIVES_UP_AFTER, _no_answer, story, floor, story.asked)


def _answer(story: "Story", floor: "Floor", asked: int) -> None:
    if story.book.case.status == "PENDING" and story.asked == asked:
        _write(floor, story)
        floor.put_on_desk(story, "go on")


def _no_answer(story: "Story", floor: "Floor", asked: int) -> None:
    if story.book.case.status == "PENDING" and story.asked == asked:
        floor.put_on_desk(story, "give up")


def after_resolution(floor: "Floor", story: "Story") -> None:
    """Plan whether somebody comes back, and whether they rate."""
    habits = OF[story.habits_of]
    unhappy = 1.0 if story.is_solved else 1.5
    if floor.random.random() < habits.comes_back * unhappy:
        floor.later(_hours(floor, 30), _come_back, story, floor)
    if floor.random.random() < RATES:
        floor.later(timedelta(minutes=35) + _hours(floor, 5), _rate, story, floor)


def _come_back(story: "Story", floor: "Floor") -> None:
    case = story.book.case
    if case.is_finished and case.merged_into_id is None:
        _write(floor, story)
        floor.put_on_desk(story, "go on")


def _rate(story: "Story", floor: "Floor") -> None:
    floor.catch_up(story)
    survey = story.book.survey
    if survey is None or survey.rating is not None:
        return
    rating = _rating(story, floor)
    mood = "good" if rating >= 4 else "bad" if rating <= 2 else "mixed"
    comment = ""
    if floor.random.random() < COMMENTS:
        comment = texts.comment(mood, story.voice.language, floor.random)
    floor.write(story, acts.Rate(at=floor.at, rating=rating, comment=comment))


def _rating(story: "Story", floor: "Floor") -> int:
    """Draw a rating: what came of it counts most, then whether the promise was kept, then tone."""
    level = 5.3 if story.is_solved else 4.1
    level += OF[story.habits_of].charm
    level -= 1.0 if _was_late(story) else 0
    level -= 0.5 if story.book.case.reopened_count else 0
    level -= 0.15 * max(story.asked - 1, 0)
    return min(max(round(floor.random.gauss(level, 1.25)), 1), 5)


def _was_late(story: "Story") -> bool:
    return any(clock.was_met is False for clock in story.book.clocks.values())


def _write(floor: "Floor", story: "Story") -> None:
    channel = REPLY_BY[story.book.case.channel]
    said = texts.follow_up(story.reason, story.voice, floor.random)
    act = acts.Receive(at=floor.at, channel=channel, text=said, author_name=story.voice.name)
    floor.write(story, act)


def _hours(floor: "Floor", median: float) -> timedelta:
    """Draw a wait around a median, moved to when people are awake."""
    wait = timedelta(hours=floor.random.lognormvariate(log(median), 0.8))
    zone = ZONES["en"]
    hour = (floor.at + wait).astimezone(zone).hour
    asleep = hour < 7
    return wait + timedelta(hours=7 - hour + floor.random.random() * 3) if asleep else wait
