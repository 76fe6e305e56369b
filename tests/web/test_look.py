"""How spans of time and names are said in few letters."""

from datetime import timedelta

import pytest

from caseward.web.look import CLOCK_ICONS, STATUS_ICONS, brief, initials


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(0), "0m"),
        (timedelta(minutes=37, seconds=59), "37m"),
        (timedelta(hours=2, minutes=5), "2h 05m"),
        (timedelta(days=1, hours=3, minutes=59), "1d 3h"),
        (-timedelta(minutes=22), "\u221222m"),
    ],
)
def test_a_span_is_said_in_two_units_at_most(span, said):
    assert brief(span) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("Asha Verma", "AV"), ("Nur Aisyah binti Rahman", "NR"), ("Priya", "P"), ("", "")],
)
def test_initials_are_two_letters_at_most(name, said):
    assert initials(name) == said


@pytest.mark.parametrize("name", sorted({*STATUS_ICONS.values(), *CLOCK_ICONS.values()}))
def test_every_icon_of_a_status_or_clock_is_in_the_sprite(name, icon_names):
    assert name in icon_names
