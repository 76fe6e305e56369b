"""Working something out at most so often: who waits, who takes the old, when there is newer."""

import threading

import pytest

from caseward.web.views.floor.spacing import Spaced


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("caseward.web.views.floor.spacing.time.monotonic", lambda: now[0])
    return now


def counting(clock, *, takes=0.0):
    made = []

    def make(key):
        clock[0] += takes
        made.append(key)
        return f"{key} {len(made)}"

    return made, make


def test_a_value_is_made_anew_when_its_time_is_over_and_not_before(clock):
    made, make = counting(clock)
    spaced = Spaced(make, seconds=1.0)

    assert [spaced.get("a"), spaced.get("a"), spaced.get("b")] == ["a 1", "a 1", "b 2"]
    clock[0] += 1.0
    assert spaced.get("a") == "a 3"
    assert made == ["a", "b", "a"]


def test_what_takes_long_is_made_more_rarely_and_says_when_it_will_be(clock):
    _, make = counting(clock, takes=2.0)
    spaced = Spaced(make, seconds=1.0)
    spaced.get("a")

    assert spaced.due_in("a") == 8.0 + 2.0  # a fifth of the time, and the making itself
    clock[0] += 7.9
    assert spaced.get("a") == "a 1"
    clock[0] += 0.1
    assert spaced.get("a") == "a 2"


def test_a_value_that_is_vouched_for_is_kept_however_old(clock):
    newest = ["a 1"]
    _, make = counting(clock)
    spaced = Spaced(make, seconds=0, is_current=lambda value: value == newest[0])

    spaced.get("a")
    clock[0] += 60
    assert spaced.get("a") == "a 1"
    newest[0] = "another"
    assert spaced.get("a") == "a 2"


def test_while_one_makes_it_the_others_take_the_old_and_for_the_first_they_wait(clock):
    go_on, is_making = threading.Event(), threading.Event()
    made = []

    def make(key):
        is_making.set()
        go_on.wait(10)
        made.append(key)
        return len(made)

    spaced = Spaced(make, seconds=1.0)
    got = []
    first = [threading.Thread(target=lambda: got.append(spaced.get("a"))) for _ in range(3)]
    for thread in first:
        thread.start()
    assert is_making.wait(10)
    go_on.set()
    for thread in first:
        thread.join(10)
    assert got == [1, 1, 1] and made == ["a"]

    go_on.clear()
    is_making.clear()
    clock[0] += 1.0
    maker = threading.Thread(target=lambda: spaced.get("a"))
    maker.start()
    assert is_making.wait(10)
    assert spaced.get("a") == 1
    go_on.set()
    maker.join(10)
    assert spaced.get("a") == 2
