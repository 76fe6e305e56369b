"""Carrying bulk actions out: a batch of each in turn, so that a small one waits for none."""

import time

from django.utils import timezone

from caseward.casework import bulk
from caseward.org.acting import Actor, acting

LONGEST_SECONDS = 30.0


def carry_on_all() -> int:
    """Do batch after batch of every running action; return how many cases were treated.

    What is left after half a minute, or after this worker is killed, goes on the next time.
    """
    give_up_at, treated = time.monotonic() + LONGEST_SECONDS, 0
    done = 1
    while done and time.monotonic() < give_up_at:
        done = sum(_batch_of(action_id) for action_id in _running())
        treated += done
    return treated


def _running() -> list[int]:
    with acting(Actor.system("worker")):
        return bulk.to_carry_on()


def _batch_of(action_id: int) -> int:
    with acting(Actor.system("worker")):
        return bulk.carry_on(action_id=action_id, now=timezone.now())
