"""What is answered. Texts and contact details are masked, as for everybody who may see the case."""

from datetime import datetime
from typing import Any

from ninja import Schema


class Problem(Schema):
    """What went wrong, in a sentence."""

    detail: str


class CaseLine(Schema):
    """A case as a list shows it."""

    reference: str
    title: str
    status: str
    priority: int
    tier: int
    channel: str
    language: str
    country: str
    line_of_business: str
    reason: str | None
    vendor: str | None
    tags: list[str]
    opened_at: datetime
    updated_at: datetime
    first_replied_at: datetime | None
    resolved_at: datetime | None


class CasePage(Schema):
    """One page of cases; `next_cursor` asks for the one after, null at the end."""

    cases: list[CaseLine]
    next_cursor: str | None


class PartyOfCase(Schema):
    part: str
    name: str
    handle: str
    masked_email: str
    masked_phone: str


class MessageOfCase(Schema):
    id: int
    direction: str
    channel: str
    at: datetime
    author: str
    text: str
    language: str
    is_automatic: bool
    in_house_only: bool


class ClockOfCase(Schema):
    """A promise: `deadline_at` is null while paused, `was_met` while undecided."""

    kind: str
    stage: str
    measured: str
    started_at: datetime
    deadline_at: datetime | None
    stopped_at: datetime | None
    was_met: bool | None


class EscalationOfCase(Schema):
    raised_at: datetime
    why: str
    tried: str
    accepted_at: datetime | None
    ended_at: datetime | None
    outcome: str
    verdict: str
    verdict_note: str


class EventOfCase(Schema):
    """One event of the timeline; what its data means is told in the reference of ledger events."""

    number: int
    kind: str
    at: datetime
    actor: str
    data: dict[str, Any]


class CaseInFull(CaseLine):
    assignee: str | None
    disposition: str | None
    merged_into: str | None
    parties: list[PartyOfCase]
    messages: list[MessageOfCase]
    clocks: list[ClockOfCase]
    escalations: list[EscalationOfCase]
    timeline: list[EventOfCase]
