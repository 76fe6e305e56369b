"""What a replay is told, and what it answers case by case."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Arrival:
    """A case that begins to wait.

    Cases of one `need` are for the same people. `rank` orders them, lowest first; `takes` is how
    long somebody works on it; `due_at` is when the promise to it runs out. It fills `units` of what
    somebody holds of its `kind`.
    """

    id: int
    at: datetime
    need: Hashable
    rank: float
    takes: timedelta
    due_at: datetime | None = None
    kind: str = ""
    units: float = 1.0

    def __post_init__(self) -> None:
        if self.takes <= timedelta(0):
            raise ValueError(f"a case must take some time, got {self.takes}")
        if not self.units > 0:
            raise ValueError(f"a case must fill some room, got {self.units}")


@dataclass(frozen=True, slots=True)
class Stint:
    """A stretch in which somebody takes cases, `[starts_at, ends_at)`; what is held is finished."""

    worker: int
    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.ends_at <= self.starts_at:
            raise ValueError(f"a stint must end after it starts, got {self}")


@dataclass(frozen=True, slots=True)
class Hands:
    """How much somebody holds at once: so many cases, so many units of a kind and of all kinds."""

    cases: int = 1
    of_kind: Mapping[str, float] = field(default_factory=dict)
    in_all: float = float("inf")

    def has_room(self, held: Mapping[int, Arrival], case: Arrival) -> bool:
        """Say whether a case fits beside those in hand."""
        alike = sum(one.units for one in held.values() if one.kind == case.kind)
        return (
            len(held) < self.cases
            and alike + case.units <= self.of_kind.get(case.kind, float("inf"))
            and sum(one.units for one in held.values()) + case.units <= self.in_all
        )


@dataclass(frozen=True, slots=True)
class Given:
    """Who got a case and when; `worker` and the times are None for one that waited to the end."""

    arrival: Arrival
    worker: int | None = None
    at: datetime | None = None
    need: Hashable = None  # the one it was given by, which overflow may have changed
    done_at: datetime | None = None

    @property
    def wait(self) -> timedelta | None:
        return None if self.at is None else self.at - self.arrival.at

    def is_missed(self, *, by: datetime) -> bool:
        """Say whether the promise was broken, as far as is known at the end of the replay."""
        if self.arrival.due_at is None:
            return False
        return (self.done_at or by) > self.arrival.due_at
