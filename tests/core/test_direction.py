"""No mark turns a line round, and no script loses what it is written with."""

import pytest

from caseward.core.direction import without_direction_marks


@pytest.mark.parametrize("mark", "\u061c\u200e\u200f\u202a\u202d\u202e\u2066\u2067\u2069")
def test_marks_go(mark):
    assert without_direction_marks(f"pay{mark}lap") == "paylap"


@pytest.mark.parametrize("line", ["क्\u200dष", "שלום", "مرحبا", "👩\u200d👧", "தமிழ்"])
def test_writing_stays(line):
    assert without_direction_marks(line) == line
