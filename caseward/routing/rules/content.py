"""Everything that can be changed about routing, as plain facts with natural keys."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

type LineAndVendor = tuple[str, str]
type LineAndReason = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody must bring to a case of a reason; `language_level` as `org.Skill.level`."""

    certification: str = ""
    language_level: int = 1


@dataclass(frozen=True, slots=True)
class Rules:
    """How routing works.

    `shares` maps a line of business and a vendor to the contracted share of tier 1 (above 0 to 1);
    `needs` maps a line of business and a reason to what its cases need; `pushing` names the queues
    that offer cases to agents rather than wait for them to take one.
    """

    shares: Mapping[LineAndVendor, float]
    needs: Mapping[LineAndReason, Need]
    pushing: frozenset[int] = frozenset()

    def as_json(self) -> dict[str, Any]:
        return {
            "shares": {" ".join(pair): share for pair, share in sorted(self.shares.items())},
            "needs": {
                " ".join(pair): [need.certification, need.language_level]
                for pair, need in sorted(self.needs.items())
            },
            "pushing": sorted(self.pushing),
        }

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        return cls(
            shares={_pair(key): float(share) for key, share in content["shares"].items()},
            needs={_pair(key): Need(*need) for key, need in content["needs"].items()},
            pushing=frozenset(content["pushing"]),
        )


def _pair(written: str) -> tuple[str, str]:
    line, _, other = written.partition(" ")
    return line, other


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule before and after; None where there was, or will be, none."""

    about: str  # share, need or mode
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
    return found


def _between[T](
    about: str, before: Mapping[tuple[str, str], T], after: Mapping[tuple[str, str], T]
) -> list[Difference]:
    return [
        Difference(about, key, before.get(key), after.get(key))
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    ]
