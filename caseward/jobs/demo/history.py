"""Making up eight weeks and writing them down: the simulation here, PostgreSQL beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from caseward.jobs.demo import bulk
from caseward.jobs.demo.books import Registry
from caseward.jobs.demo.demand import Arrival, arrivals
from caseward.jobs.demo.floor import Floor
from caseward.jobs.demo.shifts import rotas
from caseward.jobs.demo.world import read_world
from caseward.org import queries as org
from caseward.org.acting import Actor, acting
from caseward.policy.models import Disposition, Reason
from caseward.quality.services import SEVERE
from caseward.sla.calendars import calendar_of

CASES = 20_000
SEED = 2026


@dataclass(frozen=True, slots=True)
class Plan:
    """The same plan for the same operation always makes the same history."""

    now: datetime
    cases: int = CASES
    seed: int = SEED


def write_history(
    plan: Plan, *, on_case: Callable[[], None], at_the_end: Callable[[], None]
) -> None:
    """Write the history of a plan in one transaction, `at_the_end` in it: all of it or nothing."""
    with acting(Actor.system("demo")), bulk.Writer() as writer:
        floor, coming = _floor(plan), _coming(plan)
        for story in floor.run(coming):
            writer.add(story.book)
            on_case()

        def finish() -> None:
            bulk.set_sequences(floor.registry.used_up())
            at_the_end()

        writer.finish_with(finish)


def _coming(plan: Plan) -> list[Arrival]:
    return arrivals(count=plan.cases, now=plan.now, random=Random(f"{plan.seed} arrivals"))


def _floor(plan: Plan) -> Floor:
    world = read_world(org.operation().platform_name)
    calendars = {site_id: calendar_of(site_id) for site_id in world.sites}
    shifts = rotas(world.members, calendars, now=plan.now, random=Random(f"{plan.seed} shifts"))
    return Floor(
        world,
        shifts,
        registry=_registry(),
        now=plan.now,
        random=Random(f"{plan.seed} floor"),
    )


def _registry() -> Registry:
    harmful = Reason.objects.filter(severity__gte=SEVERE).values_list("pk", flat=True)
    silent = Disposition.objects.filter(is_survey_wanted=False).values_list("pk", flat=True)
    return Registry(
        bulk.first_free_numbers(),
        harmful_reasons=frozenset(harmful),
        silent_dispositions=frozenset(silent),
    )
