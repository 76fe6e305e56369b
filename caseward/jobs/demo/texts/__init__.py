"""What the people of the demo write: requests, answers, notes and comments, in five languages.

The texts are YAML files beside this module. Whoever asks for one gives the `random.Random` that
chooses, so the same seed writes the same letters. Texts about minors give no details, on purpose.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

import yaml

OUTCOMES = ("ask", "solved", "declined", "passed_on", "safety")
VERDICTS = ("needed", "avoidable", "wrong-line")
MOODS = ("good", "mixed", "bad")

_SHARE_GREETING = 0.7
_SHARE_SIGNING = 0.6
_LARGEST_HANDLE_NUMBER = 99


@dataclass(frozen=True, slots=True)
class Voice:
    """An invented requester, and what their letters mention; `other` is who they write about."""

    language: str
    name: str
    handle: str
    other: str
    city: str
    device: str
    amount: str
    date: str

    def fill(self, text: str) -> str:
        return text.format(
            name=self.name,
            handle=self.handle,
            other=self.other,
            city=self.city,
            device=self.device,
            amount=self.amount,
            date=self.date,
        )


@dataclass(frozen=True, slots=True)
class Letter:
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Handover:
    """What tier 1 tells tier 2."""

    summary: str
    tried: str


def languages() -> tuple[str, ...]:
    return tuple(_read("slots.yaml")["languages"])


def reasons() -> tuple[str, ...]:
    """Return the keys of every reason somebody writes about."""
    return tuple(_read("requests/en.yaml"))


def voice(language: str, rng: Random) -> Voice:
    """Return somebody who writes in this language."""
    slots = _read("slots.yaml")["languages"][language]
    return Voice(
        language=language,
        name=rng.choice(slots["names"]),
        handle=_handle(rng),
        other=_handle(rng),
        city=rng.choice(slots["cities"]),
        device=rng.choice(slots["devices"]),
        amount=rng.choice(slots["amounts"]),
        date=rng.choice(slots["dates"]),
    )


def request(reason: str, voice: Voice, rng: Random) -> Letter:
    """Return a first message: most begin with a greeting and end with a name, as people's do."""
    chosen = rng.choice(_read(f"requests/{voice.language}.yaml")[reason]["requests"])
    phrases = _read("phrases.yaml")[voice.language]
    parts = [chosen["body"]]
    if rng.random() < _SHARE_GREETING:
        parts.insert(0, rng.choice(phrases["openings"]))
    if rng.random() < _SHARE_SIGNING:
        parts.append(rng.choice(phrases["closings"]))
    return Letter(voice.fill(chosen["subject"]), voice.fill("\n\n".join(parts)))


def follow_up(reason: str, voice: Voice, rng: Random) -> str:
    """Return what the requester adds later."""
    texts = _read(f"requests/{voice.language}.yaml")[reason]["follow_ups"]
    return voice.fill(rng.choice(texts))


def reply(outcome: str, language: str, rng: Random) -> str:
    """Return an agent's answer; `outcome` is one of `OUTCOMES`."""
    return _one_of("replies.yaml", language, outcome, rng)


def comment(mood: str, language: str, rng: Random) -> str:
    """Return what somebody writes beside a rating; `mood` is one of `MOODS`."""
    return _one_of("surveys.yaml", language, mood, rng)


def handover(line_of_business: str, rng: Random) -> Handover:
    """Return a summary for tier 2 and what was tried, in English as staff write."""
    chosen = rng.choice(_read("working.yaml")["escalations"][line_of_business])
    return Handover(chosen["summary"], chosen["tried"])


def verdict_note(verdict: str, rng: Random) -> str:
    """Return what tier 2 says about an escalation; `verdict` is one of `VERDICTS`."""
    return str(rng.choice(_read("working.yaml")["verdicts"][verdict]))


def reachable(rng: Random) -> str:
    """Return how tier 2 reaches whoever escalates; empty for most."""
    return str(rng.choice(_read("working.yaml")["reachable"]))


def wanting(quality: str, rng: Random) -> str:
    """Return what tier 2 lacked in what was handed over; `incomplete` or `misleading`."""
    return str(rng.choice(_read("working.yaml")["wanting"][quality]))


def internal_note(line_of_business: str, rng: Random) -> str:
    return str(rng.choice(_read("working.yaml")["notes"][line_of_business]))


def _one_of(file: str, language: str, kind: str, rng: Random) -> str:
    return str(rng.choice(_read(file)[language][kind]))


def _handle(rng: Random) -> str:
    first, second = _read("slots.yaml")["handle_words"]
    number = rng.randint(1, _LARGEST_HANDLE_NUMBER)
    return f"@{rng.choice(first)}.{rng.choice(second)}{number}"


@cache
def _read(name: str) -> Mapping[str, Any]:
    written = files(__name__).joinpath(name).read_text("utf-8")
    texts: Mapping[str, Any] = yaml.load(written, Loader=yaml.CSafeLoader)
    return texts
