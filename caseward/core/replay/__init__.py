"""Replaying a stretch of work: who would have got which case, and when, under given rules.

What happened gives the arrivals, the people and how long each case took; the rules give who may
take what and how much of it, in which order, what is held back for whom, and where overdue work
overflows to. Nothing here is drawn at random, so two replays differ by their rules only.
"""

from caseward.core.replay.facts import Arrival, Given, Hands, Stint
from caseward.core.replay.floor import Candidate, Choose, IsHeld, Whom
from caseward.core.replay.running import Overflow, Waiting, replay
from caseward.core.replay.summing import Summary, summarise

__all__ = [
    "Arrival",
    "Candidate",
    "Choose",
    "Given",
    "Hands",
    "IsHeld",
    "Overflow",
    "Stint",
    "Summary",
    "Waiting",
    "Whom",
    "replay",
    "summarise",
]
