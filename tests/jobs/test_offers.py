"""Cases are offered the moment something changes, and a storm of changes costs one pass."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection

from caseward.casework.services import offering, reply
from caseward.jobs import offers
from caseward.org.acting import Actor, acting
from caseward.routing import availability
from caseward.routing.models import Capacity, Offer, Queue
from tests.builders import a_case, an_agent

SOON = 2.0  # seconds; the sweep, which does not run here, would come within three


@contextmanager
def the_prompter(monkeypatch):
    """The thread of the worker, with every pass it makes noted."""
    passes, listening = [], threading.Event()
    connected, offer = offers.Prompter._connected, offers.offer_what_waits

    def noted(prompter):
        found = connected(prompter)
        listening.set()
        return found

    def counted():
        passes.append(time.monotonic())
        return offer()

    monkeypatch.setattr(offers.Prompter, "_connected", noted)
    monkeypatch.setattr(offers, "offer_what_waits", counted)
    with offers.offering_at_once():
        assert listening.wait(10)
        yield passes


@pytest.fixture
def ana(committed_db):
    with acting(Actor.system("tests")):
        found = an_agent()
        a_case()
        Queue.objects.update(mode=Queue.Mode.PUSH)
    return found


def is_there(staff):
    with acting(Actor.system("tests")):
        availability.set_state(staff=staff, state="AVAILABLE", why="", now=datetime.now(UTC))


def offers_of(staff):
    with acting(Actor.system("tests")):
        return list(Offer.objects.filter(staff=staff).order_by("pk"))


def within(condition, seconds=SOON):
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < seconds, "it did not happen in time"
        time.sleep(0.02)


def test_who_becomes_available_is_asked_at_once(ana, monkeypatch):
    with the_prompter(monkeypatch):
        assert not offers_of(ana)
        is_there(ana)
        within(lambda: offers_of(ana))


def test_a_case_that_comes_in_is_offered_at_once(ana, monkeypatch):
    is_there(ana)
    with acting(Actor.system("tests")):
        offering.offer_waiting_cases(now=datetime.now(UTC))
    (first,) = offers_of(ana)
    with the_prompter(monkeypatch):
        with acting(Actor.staff(ana)):
            offering.accept_offer(offer_id=first.pk, by=ana, now=datetime.now(UTC))
        with acting(Actor.system("tests")):
            a_case()
        within(lambda: len(offers_of(ana)) == 2)


def test_a_hand_that_is_free_again_is_filled_at_once(ana, monkeypatch):
    with acting(Actor.system("tests")):
        Capacity.objects.create(channel="", at_most=1)
        a_case()
    is_there(ana)
    with the_prompter(monkeypatch):
        with acting(Actor.system("tests")):
            offering.offer_waiting_cases(now=datetime.now(UTC))
        (first,) = offers_of(ana)
        with acting(Actor.staff(ana)):
            case = offering.accept_offer(offer_id=first.pk, by=ana, now=datetime.now(UTC))
        time.sleep(1.5)
        assert len(offers_of(ana)) == 1, "their hands are full"
        with acting(Actor.staff(ana)):
            reply(
                reference=case.reference, by=ana, text="Hello", undo=timedelta(0), is_pending=True,
                now=datetime.now(UTC),
            )  # fmt: skip
        within(lambda: len(offers_of(ana)) == 2)


def test_many_changes_within_a_second_cost_one_pass_and_the_next_second_one_more(ana, monkeypatch):
    with the_prompter(monkeypatch) as passes:
        for _ in range(40):
            with acting(Actor.system("tests")):
                a_case()
        within(lambda: passes)
        time.sleep(2.5)

    assert len(passes) <= 3
    assert all(later - sooner >= 0.9 for sooner, later in pairwise(passes))


def test_nothing_is_looked_at_after_what_frees_nobody(ana, monkeypatch):
    with the_prompter(monkeypatch) as passes:
        with acting(Actor.system("tests")):
            availability.set_state(staff=ana, state="BREAK", why="", now=datetime.now(UTC))
        time.sleep(1.0)

    assert not passes


def test_it_listens_again_after_the_database_was_away(ana, monkeypatch):
    with the_prompter(monkeypatch):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND query LIKE 'LISTEN%'"
            )
        time.sleep(1.0)
        is_there(ana)
        within(lambda: offers_of(ana), 5)


def test_while_another_worker_offers_this_one_leaves_it_to_it(ana):
    is_there(ana)
    other = threading.Event()
    done = threading.Event()

    def another_worker():
        with acting(Actor.system("tests")):
            assert offers._alone()
            other.set()
            done.wait(10)
        connection.close()

    thread = threading.Thread(target=another_worker)
    thread.start()
    other.wait(10)
    assert offers.offer_what_waits() == 0
    done.set()
    thread.join()
    assert offers.offer_what_waits() == 1
