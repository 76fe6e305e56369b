"""How single queues hand out cases; what is not named is pulled and holds nothing back."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet

from caseward.jobs.operation import values
from caseward.jobs.operation.fields import Fields
from caseward.jobs.operation.parts import IN_HOUSE, Operation, Part
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer
from caseward.jobs.operation.sections.section import HERE, Section
from caseward.routing import models as routing

MODES = ("pull", "push")
A_MINUTE = timedelta(minutes=1)
MOST_HELD = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Part):
    """`vendor` None names a queue of tier 2; `hold_back` leaves cases to who comes on that soon."""

    vendor: str | None
    line_of_business: str
    language: str
    mode: str
    hold_back: timedelta | None


def _build(fields: Fields) -> Queue:
    vendor = fields.key("vendor")
    return Queue(
        place=fields.place,
        vendor=None if vendor == IN_HOUSE else vendor,
        line_of_business=fields.key("line_of_business"),
        language=fields.value("language", values.language, ""),
        mode=fields.one_of("mode", MODES),
        hold_back=fields.optional("hold_back", values.duration),
    )


def _present() -> tuple[Queue, ...]:
    told = routing.Queue.objects.filter(
        Q(mode=routing.Queue.Mode.PUSH) | Q(hold_back__isnull=False)
    ).select_related("vendor", "lob", "hold_back")
    return tuple(
        Queue(
            place=HERE,
            vendor=queue.vendor.key if queue.vendor else None,
            line_of_business=queue.lob.key,
            language=queue.language,
            mode=queue.mode.lower(),
            hold_back=_held_back(queue),
        )
        for queue in told.order_by("pk")
    )


def _held_back(queue: routing.Queue) -> timedelta | None:
    held = getattr(queue, "hold_back", None)
    return held.minutes * A_MINUTE if held else None


def _rows(part: Queue) -> QuerySet[routing.Queue]:
    return routing.Queue.objects.filter(
        vendor__key=part.vendor if part.vendor else None,
        lob__key=part.line_of_business,
        language=part.language,
    )


def _write(part: Queue) -> None:
    for queue in _rows(part):
        queue.mode = part.mode.upper()
        queue.save(update_fields=["mode"])
        routing.HoldBack.objects.filter(queue=queue).delete()
        if part.hold_back:
            minutes = part.hold_back // A_MINUTE
            routing.HoldBack.objects.create(queue=queue, minutes=minutes)


def _remove(part: Queue) -> None:
    routing.HoldBack.objects.filter(queue__in=_rows(part)).delete()
    _rows(part).update(mode=routing.Queue.Mode.PULL)


def _check(part: Queue, operation: Operation, problems: Problems) -> None:
    refer(part, "vendor", part.vendor, _keys(operation.vendors), "a vendor, or in-house", problems)
    lines = _keys(operation.lines_of_business)
    refer(part, "line_of_business", part.line_of_business, lines, "a line of business", problems)
    spoken = operation.settings.languages
    refer(part, "language", part.language, spoken, "a language of the operation", problems)
    if part.hold_back and part.hold_back > MOST_HELD:
        problems.at(part.place, "hold_back", "hold_back: expected a day or less, such as 30m")


def _keys(parts: tuple[Part, ...]) -> set[str]:
    return {str(getattr(part, "key", "")) for part in parts}


SECTION = Section(
    name="queues",
    noun="queue",
    key=lambda part: f"{part.vendor or IN_HOUSE} {part.line_of_business} {part.language}",
    build=_build,
    present=_present,
    write=_write,
    remove=_remove,
    check=_check,
)
