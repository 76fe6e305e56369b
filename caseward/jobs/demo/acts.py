"""What somebody does to a case: one small record for each verb of `casework.services`.

The simulation decides on acts; `books` writes down what follows from them. A test lets the real
verbs do the same acts and compares.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from caseward.casework.services import NewCase

if TYPE_CHECKING:
    from caseward.jobs.demo.books import Book
    from caseward.jobs.demo.world import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ActOf(Act):
    """An act of a staff member."""

    by: "Member"


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(Act):
    """`number` decides whose turn it is among vendors."""

    new: NewCase
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Act):
    channel: str
    text: str
    author_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeNext(ActOf):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(ActOf):
    lob_id: int
    language: str
    why: str


@dataclass(frozen=True, slots=True)
class Inserted:
    """A macro as it was inserted into an answer, before its writer changed anything."""

    version_id: int
    rendered: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply(ActOf):
    text: str
    is_pending: bool = False
    disposition_id: int | None = None
    macro: Inserted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(ActOf):
    text: str
    in_house_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolve(ActOf):
    disposition_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalate(ActOf):
    why: str
    tried: str
    facts: Mapping[str, str]
    handover: str = ""
    lob_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accept(ActOf):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Settle(ActOf):
    verdict: str
    note: str
    quality: str = ""
    quality_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(ActOf):
    verdict: str
    note: str
    quality: str = ""
    quality_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise(ActOf):
    reason_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Prioritise(ActOf):
    priority: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(ActOf):
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(ActOf):
    into: "Book"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTo(ActOf):
    other: "Book"
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Act):
    """The requester answers the survey."""

    rating: int
    comment: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMissedClocks(Act):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver(Act):
    """A queued mail leaves; `kind` says which of the case."""

    outgoing_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AskSurvey(Act):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(Act):
    pass
