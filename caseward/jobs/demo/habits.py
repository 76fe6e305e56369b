"""How the people of each company work: the two vendors differ, and so the figures will."""

from dataclasses import dataclass
from math import log
from random import Random


@dataclass(frozen=True, slots=True)
class Habits:
    """How somebody works a case. Shares run 0-1; minutes are medians."""

    minutes: float
    asks: float  # for more, before the first answer
    escalates: float  # where the reason gives no cause of its own
    avoidable: float  # of what is escalated
    comes_back: float  # resolved cases whose requester writes again
    charm: float  # added to a rating, in stars
    uses_macros: float
    edits_macros: float
    hands_over_whole: float  # escalations with all that tier 2 needs


NORTHSTAR = Habits(
    minutes=11, asks=0.33, escalates=0.13, avoidable=0.36, comes_back=0.075, charm=-0.2,
    uses_macros=0.6, edits_macros=0.22, hands_over_whole=0.68,
)  # fmt: skip
MELATI = Habits(
    minutes=14, asks=0.26, escalates=0.075, avoidable=0.13, comes_back=0.045, charm=0.3,
    uses_macros=0.35, edits_macros=0.45, hands_over_whole=0.86,
)  # fmt: skip
IN_HOUSE = Habits(
    minutes=30, asks=0.15, escalates=0, avoidable=0, comes_back=0.035, charm=0.15,
    uses_macros=0.2, edits_macros=0.6, hands_over_whole=1,
)  # fmt: skip

OF = {"northstar": NORTHSTAR, "melati": MELATI, "": IN_HOUSE}

# Reasons tier 1 must or often has to hand on, whatever the vendor's habits.
HANDED_ON = {
    "grooming": 0.85,
    "sextortion": 0.8,
    "child-content-report": 0.7,
    "bullying-of-minor": 0.25,
    "ban-appeal": 0.22,
    "purchase-not-mine": 0.2,
    "coordinated-abuse": 0.4,
    "hacked-account": 0.16,
}

# How each line of business ends its cases, solved and not, by weight.
SOLVED: dict[str, dict[str, int]] = {
    "account-security": {"recovered": 60, "already-recovered": 12, "ban-lifted": 4},
    "age-support": {"age-confirmed": 50, "teen-experience": 25, "guardian-granted": 5},
    "minor-safety": {"actioned": 45, "referred": 35, "resources-sent": 20},
    "platform-integrity": {"actioned": 60, "restored": 20},
}
UNSOLVED: dict[str, dict[str, int]] = {
    "account-security": {"insufficient-proof": 50, "not-the-owner": 20, "protective-lock": 15},
    "age-support": {"insufficient-evidence": 40, "under-minimum": 45, "method-failed": 15},
    "minor-safety": {"no-violation": 60, "other-line": 15},
    "platform-integrity": {"no-violation": 50, "removal-upheld": 30, "insufficient": 20},
}
SOLVED_SHARE = {
    "account-security": 0.7,
    "age-support": 0.62,
    "minor-safety": 0.85,
    "platform-integrity": 0.6,
}


def minutes_of_work(habits: Habits, random: Random) -> float:
    """Draw how long one piece of work takes: lognormal, so that a few take very long."""
    return max(random.lognormvariate(log(habits.minutes), 0.45), 3.0)
