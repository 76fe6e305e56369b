"""The hard rules: a case is given to nobody who fails one of them, whatever the hurry."""

from collections.abc import Iterator

from caseward.core.matching.facts import Work, Worker


def refusals(worker: Worker, work: Work) -> tuple[str, ...]:
    """Return every reason why somebody may not have a case, in the order of `REFUSALS`.

    Worked value: a tier-1 agent without the certificate a case asks for, on a break, gives
    ("certification", "unavailable").
    """
    return (*lasting_refusals(worker, work), *passing_refusals(worker, work))


def may_have(worker: Worker, work: Work) -> bool:
    return not refusals(worker, work)


def lasting_refusals(worker: Worker, work: Work) -> tuple[str, ...]:
    """Return what waiting does not change: who the person is and what they can do."""
    return tuple(_lasting(worker, work))


def passing_refusals(worker: Worker, work: Work) -> tuple[str, ...]:
    """Return what passes: exposure, opt-outs, hours, availability, room, a paused queue."""
    return tuple(_passing(worker, work))


def _lasting(worker: Worker, work: Work) -> Iterator[str]:
    level = worker.skills.get((work.lob_id, work.language), 0)
    if not worker.may_work:
        yield "right"
    if worker.tier != work.tier:
        yield "tier"
    if worker.vendor_id != work.vendor_id:
        yield "vendor"
    if not level:
        yield "language" if any(lob == work.lob_id for lob, _ in worker.skills) else "lob"
    elif level < work.language_level:
        yield "level"
    if work.certification and work.certification not in worker.certifications:
        yield "certification"
    if worker.id in work.excluded:
        yield "independence"


def _passing(worker: Worker, work: Work) -> Iterator[str]:
    if work.severity > worker.max_severity:
        yield "exposure"
    if work.category and work.category in worker.opted_out:
        yield "opted_out"
    if not worker.is_on_shift:
        yield "off_shift"
    if not worker.is_available:
        yield "unavailable"
    if work.units > worker.room_for(work.channel):
        yield "capacity"
    if work.queue_is_paused:
        yield "queue_paused"
