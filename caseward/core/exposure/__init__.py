"""How much harmful material somebody may still meet: caps, what is left of them, when it is back.

Minutes are weighted by how severe the material is. The weights are an operator's choice and **not a
clinical measure**: they say what counts towards a cap, not what it does to a person.
"""

from caseward.core.exposure.caps import (
    MODALITIES,
    MOST_SEVERE,
    SEVERE,
    Caps,
    WrongCaps,
    looser,
    strictest,
)
from caseward.core.exposure.left import WHOLE, Because, Left, before_a_cap, what_is_left
from caseward.core.exposure.looks import WEEK, InHand, Look, Shift, minutes_in, run_of
from caseward.core.exposure.suppressing import SMALLEST_GROUP, hidden_groups

__all__ = [
    "MODALITIES",
    "MOST_SEVERE",
    "SEVERE",
    "SMALLEST_GROUP",
    "WEEK",
    "WHOLE",
    "Because",
    "Caps",
    "InHand",
    "Left",
    "Look",
    "Shift",
    "WrongCaps",
    "before_a_cap",
    "hidden_groups",
    "looser",
    "minutes_in",
    "run_of",
    "strictest",
    "what_is_left",
]
