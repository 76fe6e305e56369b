"""What the parts of the soft order are worth, and that each decision keeps it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.casework.services import take_next_case
from caseward.core.matching import Weights
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.routing.models import Weight
from caseward.routing.weighing import weights
from tests.builders import MONDAY_9AM, a_case, a_promise, an_agent

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def weigh(**minutes):
    for code, worth in minutes.items():
        Weight.objects.update_or_create(code=code, defaults={"minutes": worth})
    look_again()


def test_what_nobody_weighed_is_worth_what_is_usual():
    weigh(priority=40)

    assert weights() == Weights(priority=40)


def test_weights_decide_between_the_heads_of_queues_and_each_decision_keeps_them():
    agent = an_agent()
    a_promise(duration=8 * HOUR)
    urgent = a_case(opened_at=MONDAY_9AM, priority=1)
    aged = a_case(opened_at=MONDAY_9AM - 2 * HOUR, priority=4)
    later = a_case(opened_at=MONDAY_9AM - 2 * HOUR, priority=4)
    weigh(priority=100, age=3)

    taken = []
    for _ in range(2):
        with acting(Actor.staff(agent)):
            taken.append(take_next_case(by=agent, now=MONDAY_9AM).pk)
        weigh(priority=0)

    assert taken == [urgent.pk, aged.pk]
    first, second = Event.objects.filter(kind="case.assigned").order_by("id")
    assert first.data["why"]["weights"] == {"priority": 100.0}
    assert second.data["why"]["weights"]["age"] == 3.0
    assert "priority" not in second.data["why"]["terms"]
    assert later.pk not in taken


@pytest.mark.parametrize("minutes", [-0.1, 1441, float("nan"), float("inf")])
def test_the_database_keeps_no_absurd_weight(minutes):
    with (
        pytest.raises(IntegrityError, match="weight_is_some_minutes_of_a_day"),
        transaction.atomic(),
    ):
        Weight.objects.create(code="age", minutes=minutes)
