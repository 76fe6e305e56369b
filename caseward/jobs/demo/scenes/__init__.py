"""What the history leaves out: who is on now, what was asked, decided, planned and tried lately.

Every scene takes a few rows of the finished history and lets its people do something, by the same
verbs as their desks; only what is counted in thousands is written in bulk.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from caseward.jobs.demo.scenes import (
    backlog,
    content,
    danger,
    escalated,
    exposure,
    hands,
    law,
    misses,
    presence,
    routes,
    said,
)
from caseward.jobs.demo.scenes.stage import Stage
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again

# Hands before whatever needs somebody's cases; notices last, for they tell of all the others.
SCENES: tuple[Callable[[Stage], None], ...] = (
    hands.play,
    misses.play,
    law.play,
    escalated.play,
    danger.play,
    backlog.play,
    content.play,
    exposure.play,
    presence.play,
    routes.play,
    said.play,
)


def play(*, now: datetime, seed: int) -> None:
    """Play every scene, each in a transaction of its own; the same plan always plays the same."""
    stage = Stage(now, seed)
    for scene in SCENES:
        with acting(Actor.system("demo")), transaction.atomic():
            scene(stage)
            look_again()
