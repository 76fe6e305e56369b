"""A case that lasts longer than planned: heard of in time, and bounded by that one case."""

import random
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.casework.models import CapacityIncident, Case
from caseward.casework.services import NothingToTake, resolve_case, take_next_case
from caseward.casework.services.overrunning import note_overruns
from caseward.casework.services.presence import leave, shown
from caseward.core.exposure import Caps, before_a_cap, what_is_left
from caseward.core.exposure import Shift as Span
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.models import Shift, StaffMember
from caseward.wellbeing.models import Exposure
from caseward.wellbeing.overruns import WARN_BEFORE, near_a_cap
from caseward.wellbeing.queries import left_of
from caseward.wellbeing.setting_caps import set_caps
from tests.builders import a_disposition, a_lob, a_regional_lead, an_agent
from tests.wellbeing.conftest import a_severe_case, at, meets

pytestmark = pytest.mark.django_db
CAP = Caps().shift_minutes


def looks_at(case, agent, *, begins, ends):
    with acting(Actor.staff(agent)):
        for minute in range(begins, ends, 5):
            shown(case=case, staff=agent, now=at(minute))


def swept(minute):
    with acting(Actor.system("worker")):
        return note_overruns(now=at(minute))


@pytest.fixture
def agent():
    """Somebody who has met 100 of the 120 minutes of their shift, and rested since."""
    agent = an_agent()
    meets(agent, begins=0, ends=100, case_id=10_000)
    return agent


def test_the_worked_value_of_how_long_it_is_to_a_cap():
    day = Span(at(0), at(480))
    left = what_is_left(caps=Caps(), looks=[], in_hand=[], shift=day, now=at(1))
    assert before_a_cap(Caps(), left) == (120.0, "shift")
    assert before_a_cap(Caps(week_minutes=60), left) == (60.0, "week")


def test_somebody_hears_of_it_before_the_cap_and_at_it(agent):
    case = a_severe_case(assignee=agent)
    looks_at(case, agent, begins=130, ends=155)

    assert near_a_cap(agent.pk, at(144)) is None
    soon = near_a_cap(agent.pk, at(146))
    assert (soon.case_id, soon.is_over) == (case.pk, False)
    assert timedelta(0) < soon.span <= WARN_BEFORE
    assert near_a_cap(agent.pk, at(152)).is_over


def test_what_is_milder_counts_less_and_is_heard_of_later(agent):
    case = a_severe_case(2, assignee=agent)
    looks_at(case, agent, begins=130, ends=210)

    assert near_a_cap(agent.pk, at(152)) is None
    assert near_a_cap(agent.pk, at(206)).span == timedelta(minutes=4)


def test_at_the_cap_the_open_case_stays_and_the_others_wait_for_somebody_else(agent):
    on_screen, next_one = a_severe_case(assignee=agent), a_severe_case(assignee=agent)
    harmless = a_severe_case(1, assignee=agent)
    looks_at(on_screen, agent, begins=130, ends=153)

    assert swept(149) == 0
    assert swept(152) == 1
    assert swept(152) == 0

    assert set(Case.objects.filter(assignee=agent)) == {on_screen, harmless}
    released = Event.objects.get(case_id=next_one.pk, kind="case.released")
    assert "why" not in released.data
    with acting(Actor.staff(agent)), pytest.raises(NothingToTake):
        take_next_case(by=agent, now=at(152))


def test_a_further_one_that_is_opened_after_the_cap_goes_back_too(agent):
    first, second = a_severe_case(assignee=agent), a_severe_case(assignee=agent)
    looks_at(first, agent, begins=130, ends=153)
    looks_at(second, agent, begins=153, ends=156)

    assert swept(154) == 2
    assert not Case.objects.filter(assignee=agent).exists()


def test_an_overrun_is_told_of_the_queue_and_the_hour_and_of_nobody(agent):
    case = a_severe_case(assignee=agent)
    looks_at(case, agent, begins=130, ends=160)

    assert (swept(151), swept(155)) == (0, 0)

    incident = CapacityIncident.objects.get()
    assert (incident.is_overrun, incident.caps, incident.queue) == (True, ["shift"], case.queue)
    assert (incident.case, incident.due_at, incident.category) == (None, None, "")
    assert incident.opened_at == at(120)
    event = Event.objects.get(kind="capacity.overrun")
    assert (event.case_id, event.actor_id, event.audience, event.at) == (
        0,
        None,
        "IN_HOUSE",
        at(120),
    )
    told = f"{event.data} {event.actor_name}"
    assert not any(word in told for word in (agent.name, agent.key, case.reference))
    assert not {"case_id", "staff_id", "to_id"} & set(event.data)


def test_below_the_cap_there_is_nothing_to_tell(agent):
    case = a_severe_case(assignee=agent)
    looks_at(case, agent, begins=130, ends=145)

    assert swept(146) == 0
    assert not CapacityIncident.objects.exists()


def test_what_somebody_else_holds_is_read_and_told_of_nobodys_queue(agent):
    case = a_severe_case(assignee=an_agent())
    looks_at(case, agent, begins=130, ends=160)

    assert swept(155) == 0
    assert not CapacityIncident.objects.exists()
    assert Case.objects.get(pk=case.pk).assignee is not None


def test_postgresql_lets_an_overrun_name_no_case(agent):
    case = a_severe_case()
    values = {"queue": case.queue, "severity": 3, "cases": 1, "at_work": 1, "opened_at": at(0)}
    CapacityIncident.objects.create(**values, is_overrun=True, ended_at=at(60))
    for broken in ({"case": case, "is_overrun": True}, {"case": None, "is_overrun": False}):
        with pytest.raises(IntegrityError, match="names_no_case"), transaction.atomic():
            CapacityIncident.objects.create(**{**values, "opened_at": at(1)}, **broken)


# A day in which cases last as long as they like.

EVERY = 6  # minutes between two reports of a page, and between two sweeps
SHIFT = 8 * 60
DAY = {"shift_minutes": 60, "week_minutes": 400, "longest_run": 9, "cooldown_minutes": 0}


@dataclass
class Worker:
    staff: StaffMember
    ends: float = 0.0
    case: Case | None = None
    given: list[float] = field(default_factory=list)


@pytest.mark.parametrize("seed", [3, 11])
def test_no_new_assignment_passes_a_cap_and_an_overrun_is_bounded_by_one_case(seed):
    chance = random.Random(seed)
    set_caps(by=a_regional_lead(), caps=DAY, why="a hard day", now=at(-60))
    workers = [Worker(an_agent()) for _ in range(2)]
    for worker in workers:
        Shift.objects.create(staff=worker.staff, starts_at=at(0), ends_at=at(SHIFT))
    for number in range(40):
        a_severe_case(chance.choice([2, 3, 3, 4]), opened_at=at(-number))

    for minute in range(0, SHIFT, EVERY):
        for worker in workers:
            go_on(worker, minute, chance)
        swept(minute)

    overruns = [check(worker) for worker in workers]
    assert max(overruns) > 0  # the day was hard enough to tell
    assert CapacityIncident.objects.filter(is_overrun=True).exists()


def go_on(worker, minute, chance):
    """Work on what is open, else open something in hand or ask for more."""
    if worker.case is not None and (minute >= worker.ends or not still_theirs(worker)):
        finish(worker, minute)
    if worker.case is None:
        worker.case = in_hand(worker) or asked(worker, minute, chance)
        worker.ends = minute + chance.choice([6, 12, 40, 90])
    if worker.case is not None:
        with acting(Actor.staff(worker.staff)):
            shown(case=worker.case, staff=worker.staff, now=at(minute))


def still_theirs(worker):
    return Case.objects.filter(pk=worker.case.pk, assignee=worker.staff).exists()


def in_hand(worker):
    held = Case.objects.filter(assignee=worker.staff, status__in=Case.WAITING)
    return held.select_related("reason").order_by("pk").first()


def asked(worker, minute, chance):
    """Take one or two cases; each fits below every cap when it is given, with all it may take."""
    for _ in range(chance.choice([1, 2])):
        with acting(Actor.system("test")):
            left = left_of([worker.staff.pk], at(minute))[worker.staff.pk]
        with acting(Actor.staff(worker.staff)):
            try:
                case = take_next_case(by=worker.staff, now=at(minute))
            except NothingToTake:
                break
        caps = Caps(**DAY)
        needed = caps.reserve(case.reason.severity)
        assert left.shift_minutes + left.reserved_minutes + needed <= caps.shift_minutes
        worker.given.append(minute)
    return in_hand(worker)


def finish(worker, minute):
    recovered = a_disposition(a_lob())
    with acting(Actor.staff(worker.staff)):
        leave(case=worker.case, staff=worker.staff, now=at(minute))
        if still_theirs(worker):
            resolve_case(
                reference=worker.case.reference, by=worker.staff, now=at(minute),
                disposition=recovered,
            )  # fmt: skip
    worker.case = None


def check(worker):
    """Return by how much a cap was passed: never by more than the case that was open then."""
    caps, total, passed = Caps(**DAY), 0.0, 0.0
    with acting(Actor.system("test")):
        leave_all(worker)
    for look in Exposure.objects.filter(staff=worker.staff).order_by("began_at", "pk"):
        counted = look.seconds / 60 * look.weight
        if total >= caps.shift_minutes:
            assert counted <= EVERY  # opened in the moment before the next sweep, and taken back
        total += counted
        if total > caps.shift_minutes and not passed:
            passed = total - caps.shift_minutes
            assert passed <= counted
    return passed


def leave_all(worker):
    if worker.case is not None:
        leave(case=worker.case, staff=worker.staff, now=at(SHIFT))
