"""The proof ladder: how sure we are that an account belongs to whoever asks for it.

Each rung that somebody has climbed scores once; how much is needed depends on what an account
taken over would cost. Two proofs of the same kind are worth no more than the better one: a thief
who has the telephone has all that the telephone can show.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Rung:
    """A way to show that an account is one's own. Rungs of one `kind` do not add up."""

    key: str
    score: int
    kind: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs, and how many points are needed.

    Attributes:
        needed: Points for an account without any risk.
        risks: Points that each risk adds, such as `payouts`.
        two_people_from: From how many needed points on a second person has to confirm.
    """

    rungs: tuple[Rung, ...]
    needed: int
    risks: Mapping[str, int] = field(default_factory=dict)
    two_people_from: int = 0

    def score(self, climbed: Collection[str]) -> int:
        """Return the points of the rungs climbed, the best of each kind counting once.

        Raises:
            ValueError: a rung this ladder does not have.
        """
        self._check(climbed, {rung.key for rung in self.rungs}, "rungs")
        best: dict[str, int] = {}
        for rung in self.rungs:
            if rung.key in climbed:
                best[rung.kind] = max(best.get(rung.kind, 0), rung.score)
        return sum(best.values())

    def threshold(self, risks: Collection[str]) -> int:
        """Return how many points an account with these risks needs, never more than there are.

        Raises:
            ValueError: a risk this ladder does not know.
        """
        self._check(risks, self.risks, "risks")
        wanted = self.needed + sum(self.risks[risk] for risk in set(risks))
        return min(wanted, self.highest)

    @property
    def highest(self) -> int:
        """Return the points of somebody who climbed every rung."""
        return self.score([rung.key for rung in self.rungs])

    def is_reached(self, climbed: Collection[str], risks: Collection[str]) -> bool:
        return self.score(climbed) >= self.threshold(risks)

    def needs_two_people(self, risks: Collection[str]) -> bool:
        return self.two_people_from > 0 and self.threshold(risks) >= self.two_people_from

    def would_do(self, climbed: Collection[str], risks: Collection[str]) -> tuple[str, ...]:
        """Return the single rungs that would reach the threshold from here, the easiest first."""
        left = [rung for rung in self.rungs if rung.key not in climbed]
        enough = [
            rung for rung in left if self.is_reached({*climbed, rung.key}, risks)
        ]  # fmt: skip
        return tuple(rung.key for rung in sorted(enough, key=lambda rung: (rung.score, rung.key)))

    @staticmethod
    def _check(given: Iterable[str], known: Collection[str], what: str) -> None:
        if unknown := sorted(set(given) - set(known)):
            raise ValueError(f"{what} must be among {sorted(known)}, got {unknown}")


# What an operation gets until it sets its own: device continuity, an old factor, a payment or a
# challenge in the app, liveness against the profile, a document, an attestation.
ACCOUNT_RECOVERY = Ladder(
    rungs=(
        Rung("known-device", 30, "device"),
        Rung("old-factor", 30, "factor"),
        Rung("earlier-payment", 25, "payment"),
        Rung("in-app-challenge", 20, "device"),
        Rung("liveness", 35, "identity"),
        Rung("document", 25, "identity"),
        Rung("attestation", 15, "attestation"),
    ),
    needed=50,
    risks={"many-followers": 15, "payouts": 20, "minor": 10, "public-figure": 25},
    two_people_from=70,
)
