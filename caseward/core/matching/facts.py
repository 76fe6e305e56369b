"""What is known of a case to be handed out and of a person who could have it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

REFUSALS = (
    "right", "tier", "vendor", "lob", "language", "level", "certification", "independence",
    "exposure", "opted_out", "off_shift", "unavailable", "capacity", "queue_paused",
)  # fmt: skip
"""Every reason not to give a case to somebody, in the order they are named."""


@dataclass(frozen=True, slots=True)
class Work:
    """A case to be handed out: what working it takes, and how it stands.

    `tier` to `channel` are its needs; `excluded` are people who acted on it before and may not
    again. `minutes_left` runs to the tightest deadline, None where no clock runs.
    """

    id: int
    tier: int
    vendor_id: int | None
    lob_id: int
    language: str
    language_level: int = 1
    certification: str = ""
    severity: int = 0
    category: str = ""
    channel: str = ""
    units: float = 1.0
    queue_is_paused: bool = False
    excluded: frozenset[int] = frozenset()
    minutes_left: float | None = None
    handling_minutes: float = 8.0
    priority: int = 3
    age_minutes: float = 0.0
    known_to: frozenset[int] = frozenset()

    def not_for(self, people: frozenset[int]) -> "Work":
        """Return the same case, for these people no more."""
        return replace(self, excluded=self.excluded | people)


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody who could have work: what they may and can do, and how much more fits.

    `skills` maps (line of business, language) to how well they command the language. `room` maps
    a channel to the units of it that still fit; a channel it does not name has `room_otherwise`.
    `busy_minutes` is the work in hand.
    """

    id: int
    tier: int
    vendor_id: int | None
    skills: Mapping[tuple[int, str], int] = field(default_factory=dict)
    certifications: frozenset[str] = frozenset()
    may_work: bool = True
    max_severity: int = 4
    opted_out: frozenset[str] = frozenset()
    is_on_shift: bool = True
    is_available: bool = True
    room: Mapping[str, float] = field(default_factory=dict)
    room_otherwise: float = float("inf")
    room_in_all: float = float("inf")
    busy_minutes: float = 0.0
    is_new: bool = False

    def room_for(self, channel: str) -> float:
        return min(self.room.get(channel, self.room_otherwise), self.room_in_all)
