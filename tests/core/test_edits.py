"""How much of a text was changed before it was sent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.edits import edited_share

TEXTS = st.text(alphabet="ab c", max_size=40)


@pytest.mark.parametrize(
    ("before", "sent", "share"),
    [
        ("we lock it", "we unlock it now", 2 / 4),
        ("Hello Asha, we locked it.", "Hello Asha,\n\nwe locked it.", 0.0),
        ("", "", 0.0),
        ("", "three new words", 1.0),
        ("账号已锁定", "账号已解锁", 2 / 5),
    ],
)
def test_worked_values(before, sent, share):
    assert edited_share(before, sent) == pytest.approx(share)


@given(TEXTS, TEXTS)
def test_it_is_a_share_and_the_same_both_ways(one, other):
    assert 0 <= edited_share(one, other) <= 1
    assert edited_share(one, other) == edited_share(other, one)
    assert edited_share(one, one) == 0


def test_long_texts_are_compared_in_no_time():
    assert edited_share("a b " * 20_000, "c " * 30_000) == 1.0
