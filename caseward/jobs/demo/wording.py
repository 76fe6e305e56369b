"""How an answer is worded: a macro of the operation with its placeholders filled, or own words."""

from random import Random
from typing import TYPE_CHECKING

from caseward.jobs.demo import texts
from caseward.jobs.demo.habits import OF

if TYPE_CHECKING:
    from caseward.jobs.demo.stories import Story
    from caseward.jobs.demo.world import Member, World

# Which macro serves which moment, for a line of business or ("") for all.
MACROS: dict[tuple[str, str], tuple[str, ...]] = {
    ("", "ask"): ("need-more",),
    ("", "passed_on"): ("with-specialists", "we-are-on-it"),
    ("account-security", "ask"): ("need-more", "proof-of-ownership"),
    ("account-security", "solved"): ("account-back",),
    ("account-security", "declined"): ("not-enough-proof",),
    ("age-support", "ask"): ("need-more", "how-to-show-age"),
    ("age-support", "solved"): ("age-settled",),
    ("age-support", "declined"): ("under-minimum",),
    ("minor-safety", "safety"): ("safety-reply",),
    ("minor-safety", "solved"): ("acted-upon",),
    ("minor-safety", "declined"): ("bullying-help",),
    ("platform-integrity", "ask"): ("scam-details",),
    ("platform-integrity", "solved"): ("report-actioned",),
    ("platform-integrity", "declined"): ("report-no-violation",),
}
NEEDS_A_LINK = "{status_url}"  # signed with the time of day, so never the same twice


def answer(world: "World", story: "Story", by: "Member", outcome: str, random: Random) -> str:
    """Return what somebody writes to the requester."""
    language = story.book.case.language
    macro = _macro(world, story, outcome, language, random)
    if macro is None or random.random() >= OF[by.vendor_key].uses_macros:
        return texts.reply(outcome, language, random)
    return (
        macro.replace("{requester_name}", story.voice.name)
        .replace("{reference}", story.book.case.reference)
        .replace("{agent_name}", by.name)
    )


def _macro(
    world: "World", story: "Story", outcome: str, language: str, random: Random
) -> str | None:
    keys = MACROS.get((story.lob, outcome)) or MACROS.get(("", outcome)) or ()
    bodies = [world.macros[key].get(language, "") for key in keys if key in world.macros]
    usable = [body for body in bodies if body and NEEDS_A_LINK not in body]
    return random.choice(usable) if usable else None
