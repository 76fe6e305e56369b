"""Everything that can be changed about routing, as plain facts with natural keys."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from caseward.core.matching.weights import USUAL, Weights

type LineAndVendor = tuple[str, str]
type LineAndReason = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody must bring to a case of a reason; `language_level` as `org.Skill.level`."""

    certification: str = ""
    language_level: int = 1


@dataclass(frozen=True, slots=True)
class Overflow:
    """Where waiting cases go when their own queues cannot keep up, as `models.OverflowRule`.

    Empty in `from_…` stands for any. All conditions given must hold: more than so many waiting,
    the oldest waiting longer than so many minutes, more than such a share due within the hour, a
    site being closed.
    """

    from_tier: int
    from_vendor: str
    from_line: str
    from_language: str
    to_tier: int
    to_vendor: str
    waiting_over: int | None = None
    oldest_over_minutes: int | None = None
    at_risk_over: float | None = None
    while_closed: str = ""
    at_a_time: int = 20

    @property
    def has_a_condition(self) -> bool:
        given = (self.waiting_over, self.oldest_over_minutes, self.at_risk_over)
        return any(one is not None for one in given) or bool(self.while_closed)

    def meets(self, other: "Overflow") -> bool:
        """Say whether some cases could come under both rules."""
        return all(
            mine == theirs or not mine or not theirs
            for mine, theirs in (
                (self.from_line, other.from_line), (self.from_language, other.from_language),
            )
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Room:
    """How much of a channel somebody holds at once, as `models.Capacity`."""

    units: float
    at_most: float


@dataclass(frozen=True, slots=True)
class Rules:
    """How routing works.

    `shares` maps a line of business and a vendor to the contracted share of tier 1 (above 0 to 1);
    `needs` maps a line of business and a reason to what its cases need; `pushing` names the queues
    that offer cases to agents rather than wait for them to take one; `overflow` maps the key of a
    rule to where waiting work goes. `rooms` maps a channel, or "" for all together, to how much of
    it somebody holds at once; `hold_back` maps a queue to the minutes before a shift in which it
    keeps what can wait; `weights` are those of the soft order.
    """

    shares: Mapping[LineAndVendor, float]
    needs: Mapping[LineAndReason, Need]
    pushing: frozenset[int] = frozenset()
    overflow: Mapping[str, Overflow] = field(default_factory=dict)
    rooms: Mapping[str, Room] = field(default_factory=dict)
    hold_back: Mapping[int, int] = field(default_factory=dict)
    weights: Weights = USUAL

    def as_json(self) -> dict[str, Any]:
        return {
            "shares": {" ".join(pair): share for pair, share in sorted(self.shares.items())},
            "needs": {
                " ".join(pair): [need.certification, need.language_level]
                for pair, need in sorted(self.needs.items())
            },
            "pushing": sorted(self.pushing),
            "overflow": {key: asdict(rule) for key, rule in sorted(self.overflow.items())},
            "rooms": {key: [room.units, room.at_most] for key, room in sorted(self.rooms.items())},
            "hold_back": {str(queue): minutes for queue, minutes in sorted(self.hold_back.items())},
            "weights": asdict(self.weights),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        return cls(
            shares={_pair(key): float(share) for key, share in content["shares"].items()},
            needs={_pair(key): Need(*need) for key, need in content["needs"].items()},
            pushing=frozenset(content["pushing"]),
            overflow={key: Overflow(**rule) for key, rule in content["overflow"].items()},
            rooms={channel: Room(*room) for channel, room in content["rooms"].items()},
            hold_back={int(queue): minutes for queue, minutes in content["hold_back"].items()},
            weights=Weights(**content["weights"]),
        )


def _pair(written: str) -> tuple[str, str]:
    line, _, other = written.partition(" ")
    return line, other


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule before and after; None where there was, or will be, none."""

    about: str  # share, need, mode, overflow, room, hold_back or weight
    key: tuple[str, ...]
    before: Any
    after: Any


def differences(before: Rules, after: Rules) -> list[Difference]:
    """Return what separates two sets of rules, in a fixed order."""
    found = [*_between("share", before.shares, after.shares)]
    found += _between("need", before.needs, after.needs)
    for queue_id in sorted(before.pushing ^ after.pushing):
        was = queue_id in before.pushing
        found.append(Difference("mode", (str(queue_id),), was, not was))
    found += _between("overflow", _single(before.overflow), _single(after.overflow))
    found += _between("room", _single(before.rooms), _single(after.rooms))
    found += _between("hold_back", _numbered(before.hold_back), _numbered(after.hold_back))
    found += _between("weight", _single(asdict(before.weights)), _single(asdict(after.weights)))
    return found


def _single[T](rules: Mapping[str, T]) -> dict[tuple[str, ...], T]:
    return {(key,): rule for key, rule in rules.items()}


def _numbered(rules: Mapping[int, int]) -> dict[tuple[str, ...], int]:
    return {(str(queue_id),): minutes for queue_id, minutes in rules.items()}


def _between[K: tuple[str, ...], T](
    about: str, before: Mapping[K, T], after: Mapping[K, T]
) -> list[Difference]:
    return [
        Difference(about, key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
