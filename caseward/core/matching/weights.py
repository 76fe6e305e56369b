"""What each part of the soft order is worth, in minutes, so that a lead can argue with it."""

from dataclasses import asdict, dataclass, fields
from math import isfinite

MOST = 24 * 60.0
"""More than a day's worth would be no preference any more but a rule of its own."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Minutes that a case, or a person, comes sooner or later.

    `priority`: per step away from the ordinary priority 3. `age`: per hour of waiting.
    `continuity`: for who answered the requester before. `load`: per minute of work in hand.
    `practice`: for a newcomer, an easy case sooner and a hard one later. `scarcity`: for who is
    most wanted elsewhere, when many cases are handed out at once.
    """

    priority: float = 15.0
    age: float = 1.0
    continuity: float = 20.0
    load: float = 1.0
    practice: float = 15.0
    scarcity: float = 4.0

    def __post_init__(self) -> None:
        for code, minutes in asdict(self).items():
            if not is_sound(minutes):
                raise ValueError(f"{code} must be 0 to {MOST:g} minutes, got {minutes}")


def is_sound(minutes: float) -> bool:
    """Say whether a part of the soft order may be worth so much."""
    return isfinite(minutes) and 0 <= minutes <= MOST


CODES = tuple(field.name for field in fields(Weights))
USUAL = Weights()
