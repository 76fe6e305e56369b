"""What whoever escalates answers to the template of the reason."""

from collections.abc import Callable
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING

from caseward.policy.escalation_templates import Fact, facts_of, kept

if TYPE_CHECKING:
    from caseward.jobs.demo.stories import Story

LEAVES_OUT = 0.3  # of what is not required


def facts_for(story: "Story", random: Random) -> dict[str, str]:
    """Return the answers to what the template of a case asks."""
    case = story.book.case
    asked = facts_of(case.lob_id, case.reason_id)
    said = {
        fact.key: _answer(fact, story, random)
        for fact in asked
        if fact.required or random.random() >= LEAVES_OUT
    }
    return kept(asked, said)


def _answer(fact: Fact, story: "Story", random: Random) -> str:
    if fact.kind == "choice":
        return random.choice(fact.choices)[0]
    return ANSWERS[fact.kind](story, random)


ANSWERS: dict[str, Callable[["Story", Random], str]] = {
    "text": lambda story, _: story.voice.handle,
    "lines": lambda story, _: f"{story.voice.handle}\n{story.voice.other}",
    "date": lambda story, random: _day(story, random),
    "link": lambda story, _: f"https://lumen.example/{story.voice.handle.removeprefix('@')}",
    "yes_no": lambda _, random: random.choice(("yes", "no", "no")),
}


def _day(story: "Story", random: Random) -> str:
    """Return a day in the week before somebody wrote."""
    opened_at = story.book.case.opened_at
    return (opened_at - timedelta(days=random.randrange(7))).date().isoformat()
