"""Queues against what was promised, the one that needs a lead first on top."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.casework.floor.people import Scope, Worker
from caseward.casework.floor.reading import Facts, InHand, Waiting
from caseward.org import queries as org
from caseward.org.models import Language
from caseward.routing.models import Availability, Queue
from caseward.web.languages import named
from caseward.web.look import age
from caseward.web.views.floor.bars import Piece, pieces
from caseward.web.views.floor.times import short


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    id: int
    name: str
    language: str
    language_name: str
    employer: str
    is_tier_2: bool
    waiting: int
    late: int
    soon: int
    in_hand: int
    held: int
    snoozed: int
    oldest: str
    oldest_at: str
    available: int
    people: int
    bar: list[Piece]
    bar_words: str
    pause: str
    starves: bool
    tone: str
    urls: dict[str, str]

    @property
    def full_name(self) -> str:
        return _("%(lob)s, %(language)s, %(employer)s") % {
            "lob": self.name,
            "language": self.language_name,
            "employer": self.employer,
        }


def queue_rows(facts: Facts, scope: Scope, workers: Sequence[Worker]) -> list[QueueRow]:
    """Return the queues of a part of the floor; one that nothing touches is left out."""
    rows = [_row(queue, facts, workers) for queue in scope.queues()]
    used = [row for row in rows if row.waiting or row.in_hand or row.held or row.pause]
    return sorted(used, key=_rank)


def queue_name(queue: Queue) -> str:
    """Return the name of a queue where it stands alone."""
    return _("%(lob)s, %(language)s, %(employer)s") % {
        "lob": named(org.lines_of_business()[queue.lob_id]),
        "language": Language(queue.language).label,
        "employer": employer_of(queue),
    }


def employer_of(queue: Queue) -> str:
    vendor = org.vendors().get(queue.vendor_id or 0)
    return vendor.name if vendor else _("Tier 2")


def _row(queue: Queue, facts: Facts, workers: Sequence[Worker]) -> QueueRow:
    waits = facts.waiting.get(queue.pk, Waiting())
    hand = facts.in_queue.get(queue.pk, InHand())
    takers = [worker for worker in workers if queue.pk in worker.queues]
    free = [worker for worker in takers if is_available(worker, facts)]
    late, soon = waits.late + hand.late, waits.soon + hand.soon
    rest = max(0, waits.cases + hand.cases - late - soon)
    return QueueRow(
        id=queue.pk,
        name=named(org.lines_of_business()[queue.lob_id]),
        language=queue.language,
        language_name=str(Language(queue.language).label),
        employer=employer_of(queue),
        is_tier_2=queue.tier == 2,
        waiting=waits.cases,
        late=late,
        soon=soon,
        in_hand=hand.cases,
        held=hand.held,
        snoozed=waits.snoozed,
        oldest=age(facts.at - waits.oldest_at) if waits.oldest_at else "",
        oldest_at=waits.oldest_at.isoformat() if waits.oldest_at else "",
        available=len(free),
        people=len(takers),
        bar=pieces([("late", late), ("soon", soon), ("rest", rest)]),
        bar_words=_bar_words(late, soon, rest),
        pause=_pause(queue, facts),
        starves=bool(waits.cases) and not free,
        tone="danger" if late else "warn" if soon else "",
        urls={
            act: reverse(f"floor-{act}", args=[queue.pk])
            for act in ("pause", "resume", "overflow", "staff-queue")
        },
    )


def is_available(worker: Worker, facts: Facts) -> bool:
    doing = facts.doing.get(worker.id)
    return doing is not None and doing.state == Availability.State.AVAILABLE


def _bar_words(late: int, soon: int, rest: int) -> str:
    said = {"late": late, "soon": soon, "rest": rest}
    return _("%(late)s late, %(soon)s due within the hour, %(rest)s later or held") % said


def _pause(queue: Queue, facts: Facts) -> str:
    pause = facts.pauses.get(queue.pk)
    if pause is None:
        return _("Paused") if queue.is_paused else ""
    said = {"why": pause.why, "name": pause.by_name, "until": _clock(pause.until)}
    if pause.until is None:
        return _("Paused by %(name)s: %(why)s") % said
    return _("Paused by %(name)s until %(until)s: %(why)s") % said


def _clock(at: datetime | None) -> str:
    return short(at) if at else ""


def _rank(row: QueueRow) -> tuple[int, int, int, int]:
    return (-row.late, -row.soon, -row.waiting, row.id)
