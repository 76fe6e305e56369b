"""A letter or a row of dots says nothing; two signs of Chinese do."""

import pytest

from caseward.core.saying import says_something


@pytest.mark.parametrize("text", ["Froze it", "已重置", "தடுத்தேன்", "Reset.", "12 345"])
def test_a_word_or_two_say_something(text):
    assert says_something(text)


@pytest.mark.parametrize("text", ["", "x", "no", " . . . . . . ", "ok!!", "無"])
def test_a_letter_or_dots_do_not(text):
    assert not says_something(text)
