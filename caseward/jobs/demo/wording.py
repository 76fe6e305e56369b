"""How an answer is worded: a macro of the operation with its placeholders filled, or own words."""

import re
from random import Random
from typing import TYPE_CHECKING

from caseward.jobs.demo import texts
from caseward.jobs.demo.acts import Inserted
from caseward.jobs.demo.habits import OF

if TYPE_CHECKING:
    from caseward.jobs.demo.stories import Story
    from caseward.jobs.demo.world import Member, World
    from caseward.policy.models import MacroVersion

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
SENTENCE = re.compile(r"[^.!?।。！？]+(?:[.!?।。！？]+\s*|$)")
NEEDS_A_LINK = "{status_url}"  # signed with the time of day, so never the same twice


def answer(
    world: "World", story: "Story", by: "Member", outcome: str, random: Random
) -> tuple[str, Inserted | None]:
    """Return what somebody writes to the requester, and the macro they began with, if any."""
    language, ways = story.book.case.language, OF[by.vendor_key]
    macro = _macro(world, story, outcome, language, random)
    if macro is None or random.random() >= ways.uses_macros:
        return texts.reply(outcome, language, random), None
    rendered = (
        macro.texts[language]
        .replace("{requester_name}", story.voice.name)
        .replace("{reference}", story.book.case.reference)
        .replace("{agent_name}", by.name)
    )
    is_edited = random.random() < ways.edits_macros
    text = _shortened(rendered, random) if is_edited else rendered
    return text, Inserted(macro.pk, rendered)


def _shortened(text: str, random: Random) -> str:
    """Leave out one sentence in the middle, as writers do where it does not fit."""
    sentences = SENTENCE.findall(text)
    left_out = random.randrange(1, len(sentences) - 1) if len(sentences) > 2 else None
    return "".join(said for nth, said in enumerate(sentences) if nth != left_out)


def _macro(
    world: "World", story: "Story", outcome: str, language: str, random: Random
) -> "MacroVersion | None":
    keys = MACROS.get((story.lob, outcome)) or MACROS.get(("", outcome)) or ()
    known = [world.macros[key] for key in keys if key in world.macros]
    fitting = [m for m in known if story.reason in m.conditions.get("reason", [story.reason])]
    usable = [m for m in fitting if NEEDS_A_LINK not in m.texts.get(language, NEEDS_A_LINK)]
    return random.choice(usable) if usable else None
