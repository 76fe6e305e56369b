"""A piece of news from PostgreSQL: whom it concerns and what a page is told."""

import json
from dataclasses import dataclass
from typing import Self

from caseward.web.live.tokens import Reader

CHANNEL = "caseward"
PATH = "/live"
CAUGHT_UP = "caught-up"
FLOOR = "floor"
TEAM_MESSAGE = "team-message"
ONESELF = "me"
# Happens on a case without moving it in any list.
LISTS_UNCHANGED = frozenset({"presence", "note.added", "contact.revealed", "case.linked"})


@dataclass(frozen=True, slots=True)
class News:
    """Something happened on a case; `case_id` 0 means on none, below 0 to a person."""

    case_id: int
    kind: str
    vendor_id: int | None
    is_for_everyone: bool

    @classmethod
    def read(cls, payload: str) -> Self | None:
        """Return the news, or None for a payload that is not ours."""
        try:
            said = json.loads(payload)
            vendor, audience = said["vendor"], said["audience"]
            return cls(int(said["case"]), str(said["kind"]), vendor, audience == "EVERYONE")
        except (ValueError, KeyError, TypeError):
            return None

    def concerns(self, reader: Reader) -> bool:
        """Say whether a reader may know that it happened."""
        if reader.sees_in_house:
            return True
        return self.is_for_everyone and self.vendor_id == reader.vendor_id

    def is_about(self, reader: Reader) -> bool:
        """Say whether it is in the reader's own chain: what they do, what they are offered."""
        return self.case_id < 0 and reader.staff_id == -self.case_id

    @property
    def is_team_message(self) -> bool:
        """Say whether a lead said something to people, or took it back."""
        return self.kind.startswith("team.message")

    def for_reader(self, reader: Reader, reference: str) -> list[str]:
        """Return what a reader's page is told; nothing of what does not concern them.

        Args:
            reference: Of the case it happened on; empty where that is on none.
        """
        found = self.hints(reference) if reference and self.concerns(reader) else []
        if self.is_team_message and self.concerns(reader):
            found.append(TEAM_MESSAGE)
        if self.is_about(reader):
            found.append(ONESELF)
        return found

    def hints(self, reference: str) -> list[str]:
        """Return what the page does with it: names it triggers, whose listeners ask again."""
        lists = [] if self.kind in LISTS_UNCHANGED else ["queue"]
        return [f"case:{reference}", *lists]
