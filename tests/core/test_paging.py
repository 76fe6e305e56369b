"""Whom to page: two of each region in turn, nobody twice before everybody was."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.paging import is_on_call, next_to_page, one_round, turns

rotas = st.lists(st.lists(st.integers(0, 9), max_size=5), max_size=4)


def test_two_of_a_region_then_the_next_region():
    assert one_round([["a", "b", "c"], ["x", "y", "z"]]) == ["a", "b", "x", "y", "c", "z"]


def test_who_is_on_two_rotas_is_paged_once_a_round():
    assert one_round([["a", "b"], ["b", "c"]]) == ["a", "b", "c"]


def test_it_begins_anew_and_is_never_given_up():
    assert next_to_page([["a", "b"]], ["a", "b", "a"]) == "b"
    assert next_to_page([[], []], []) is None


def test_somebody_who_comes_on_call_meanwhile_is_paged_next():
    assert next_to_page([["new", "a", "b"]], ["a", "b"]) == "new"


@given(rotas, st.integers(0, 30))
def test_nobody_is_paged_twice_before_everybody_was(drawn, count):
    paged: list[int] = []
    for _ in range(count):
        chosen = next_to_page(drawn, paged)
        if chosen is None:
            break
        paged.append(chosen)

    everybody = {person for rota in drawn for person in rota}
    times = [paged.count(person) for person in everybody]
    assert not times or max(times) - min(times) <= 1


@pytest.mark.parametrize(
    ("hour", "minute", "is_on"),
    [(16, 29, False), (16, 30, True), (18, 29, True), (18, 30, False)],
)
def test_windows_are_half_open_and_local(hour, minute, is_on):
    at = datetime(2026, 11, 16, hour, minute, tzinfo=UTC)  # Kolkata: five and a half hours later

    assert is_on_call({"mon": [["22:00", "24:00"]]}, zone="Asia/Kolkata", at=at) is is_on


def test_without_windows_somebody_is_always_on():
    assert is_on_call({}, zone="UTC", at=datetime(2026, 11, 16, tzinfo=UTC))


def test_a_day_that_is_not_named_is_off():
    assert not is_on_call(
        {"sun": [["00:00", "24:00"]]}, zone="UTC", at=datetime(2026, 11, 16, tzinfo=UTC)
    )


def test_the_turns_of_a_week_are_where_spans_begin_and_end():
    night = {"mon": [["18:00", "24:00"]], "tue": [["00:00", "06:00"]]}
    monday = datetime(2026, 11, 16, 12, tzinfo=UTC)

    found = turns(night, zone="Asia/Kolkata", after=monday)

    local = [f"{at.astimezone(ZoneInfo('Asia/Kolkata')):%a %H:%M}" for at in found]
    assert local == ["Mon 18:00", "Tue 00:00", "Tue 06:00"]
    assert turns({}, zone="UTC", after=monday) == []
