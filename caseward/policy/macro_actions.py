"""What a macro does besides saying something."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

NOTHING_THEN, PENDING, RESOLVE = "", "PENDING", "RESOLVE"


@dataclass(frozen=True, slots=True)
class Actions:
    """What sending a macro does to the case.

    Attributes:
        reason: Key of the reason it then has; empty leaves it.
        priority: 1 to 4; 0 leaves it.
        then: Wait for the requester, resolve, or what the writer chose.
        disposition: Key of how the case ends, with `then` RESOLVE only.
        escalate_why: What tier 2 is asked for; empty does not escalate.
    """

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    priority: int = 0
    reason: str = ""
    then: str = NOTHING_THEN
    disposition: str = ""
    escalate_why: str = ""

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Actions":
        return cls(
            add_tags=tuple(stored.get("add_tags", ())),
            remove_tags=tuple(stored.get("remove_tags", ())),
            priority=int(stored.get("priority") or 0),
            reason=str(stored.get("reason", "")),
            then=str(stored.get("then", NOTHING_THEN)),
            disposition=str(stored.get("disposition", "")),
            escalate_why=str(stored.get("escalate_why", "")),
        )

    def stored(self) -> dict[str, Any]:
        """Return what `read` reads, leaving out what is not done."""
        found = asdict(self) | {
            "add_tags": list(self.add_tags), "remove_tags": list(self.remove_tags),
        }  # fmt: skip
        return {name: value for name, value in found.items() if value}
