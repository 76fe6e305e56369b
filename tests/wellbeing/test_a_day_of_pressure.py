"""A day with far too many severe cases, worked by the real next-case verb: no cap is passed."""

import random
from dataclasses import dataclass, field

import pytest

from caseward.casework.models import Case
from caseward.casework.services import NothingToTake, resolve_case, take_next_case
from caseward.casework.services.presence import leave, shown
from caseward.core.exposure import Caps, Look, minutes_in, run_of
from caseward.org.acting import Actor, acting
from caseward.org.models import Shift, StaffMember
from caseward.wellbeing.models import Exposure
from caseward.wellbeing.setting_caps import set_caps
from tests.builders import a_disposition, a_lob, a_regional_lead, an_agent
from tests.wellbeing.conftest import a_severe_case, at

pytestmark = pytest.mark.django_db

CAPS = Caps(shift_minutes=90, week_minutes=200, longest_run=3, cooldown_minutes=20)
SHIFT = 8 * 60
CASES = 240
LONGEST = 12.0  # minutes; a case that takes longer than `case_minutes` could pass a cap


@dataclass
class Worker:
    staff: StaffMember
    free_at: float = 0.0
    case: Case | None = None
    began: float = 0.0
    worked: list[tuple[int, float, float]] = field(default_factory=list)


@pytest.fixture
def caps(db):
    changed = {"shift_minutes": 90, "week_minutes": 200, "longest_run": 3, "cooldown_minutes": 20}
    set_caps(by=a_regional_lead(), caps=changed, why="a hard day", now=at(-60))


@pytest.fixture
def workers(caps):
    agents = [an_agent() for _ in range(3)]
    for agent in agents:
        Shift.objects.create(staff=agent, starts_at=at(0), ends_at=at(SHIFT))
    return [Worker(agent, free_at=number) for number, agent in enumerate(agents)]


def test_a_day_of_pressure_passes_no_cap(workers):
    chance = random.Random(7)
    for number in range(CASES):
        a_severe_case(chance.choice([1, 2, 3, 3, 4, 4]), opened_at=at(-number / 10))
    while workers_on := [w for w in workers if w.free_at < SHIFT]:
        go_on(min(workers_on, key=lambda worker: worker.free_at), chance)

    for worker in workers:
        check(worker)
    assert sum(len(worker.worked) for worker in workers) > 40
    severe = Exposure.objects.filter(severity__gte=3)
    assert severe.count() > 10
    assert Case.objects.filter(assignee=None, reason__severity=4).exists()  # left for tomorrow


def go_on(worker: Worker, chance: random.Random) -> None:
    """Finish what somebody works on and let them ask for the next case, or wait a little."""
    now = worker.free_at
    if worker.case is not None:
        finish(worker, now)
    with acting(Actor.staff(worker.staff)):
        try:
            worker.case = take_next_case(by=worker.staff, now=at(now))
        except NothingToTake:
            worker.free_at = now + 15
            return
        shown(case=worker.case, staff=worker.staff, now=at(now))
    worker.began = now
    worker.free_at = now + chance.uniform(4, LONGEST)


def finish(worker: Worker, now: float) -> None:
    case, recovered = worker.case, a_disposition(a_lob())
    with acting(Actor.staff(worker.staff)):
        step = worker.began
        while (step := step + 9) < now:  # a page that is looked at again
            shown(case=case, staff=worker.staff, now=at(step))
        leave(case=case, staff=worker.staff, now=at(now))
        resolve_case(
            reference=case.reference, by=worker.staff, now=at(now),
            disposition=recovered,
        )  # fmt: skip
    worker.worked.append((case.reason.severity, worker.began, now))
    worker.case = None


def check(worker: Worker) -> None:
    looks = looks_of(worker.staff)
    whole = {"starts_at": at(0), "ends_at": at(2 * SHIFT)}
    assert minutes_in(looks, CAPS, **whole) <= CAPS.shift_minutes
    assert all(
        len(run_of(looks[: n + 1], CAPS, now=looks[n].ended_at)) <= 3 for n in range(len(looks))
    )
    severe = [(began, severity) for severity, began, _ in worker.worked if severity >= 3]
    assert all(began < SHIFT - CAPS.quiet_minutes for began, _ in severe)
    ends_of_worst = [ended for severity, _, ended in worker.worked if severity == 4]
    for began, _ in severe:
        before = [ended for ended in ends_of_worst if ended <= began]
        assert not before or began - max(before) >= CAPS.cooldown_minutes - 1e-6


def looks_of(staff: StaffMember) -> list[Look]:
    columns = ("case_id", "severity", "began_at", "ended_at", "modality")
    met = Exposure.objects.filter(staff=staff).order_by("began_at")
    return [Look(*row) for row in met.values_list(*columns)]
