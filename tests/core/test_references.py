"""Case references: what people do to them, and what must never pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.references import (
    RANDOM_BITS,
    SYMBOLS,
    find_references,
    parse_reference,
    reference_from,
)

references = st.integers(0, 2**RANDOM_BITS - 1).map(reference_from)
PLACES = [3, 4, 5, 6, 8, 9, 10]  # where the symbols stand in CW-7F3K-9QP


@pytest.mark.parametrize(
    "written",
    [
        "CW-7F3K-9QP",
        "cw-7f3k-9qp",
        "CW7F3K9QP",
        " cw 7f3k 9qp\n",
        "7f3k-9qp",
        "CW\u20137F3K\u20139QP",
        "\uff23\uff37-\uff17\uff26\uff13\uff2b-\uff19\uff31\uff30",
        "CW_7F3K_9QP",
    ],
)
def test_a_reference_is_understood_however_it_is_written(written: str):
    assert parse_reference(written) == "CW-7F3K-9QP"


def test_letters_that_look_like_digits_are_read_as_digits():
    reference = reference_from(0b00000_00001_00000_00001_00000_00001)

    assert reference.startswith("CW-0101-01")
    assert parse_reference(reference.replace("0", "O").replace("1", "l")) == reference
    assert parse_reference(reference.replace("0", "o").replace("1", "I")) == reference


@pytest.mark.parametrize(
    "junk",
    [
        "",
        "CW",
        "CW-",
        "CW-7F3K-9QQ",
        "CW-7F3K-9Q",
        "CW-7F3K-9QPP",
        "CW-7U3K-9QP",
        "7F3K",
        "hello you",
        "CW--7F3K-9QP",
        "CW-7F3K-9QP CW-7F3K-9QP",
        "\u0967\u0968\u0969\u096a\u096b\u096c\u096d",
        "\x00" * 9,
    ],
)
def test_junk_is_no_reference(junk: str):
    assert parse_reference(junk) is None


def test_references_are_found_in_a_subject_once_each_and_in_order():
    first, second = reference_from(2**29), reference_from(7)
    subject = f"RE: [{first.lower()}] Fwd: 案件{second}的问题 ({first}), not CW-7F3K-9QQ"

    assert find_references(subject) == [first, second]


@pytest.mark.parametrize(
    "text", ["please return my payment", "XCW-7F3K-9QP", "CW-7F3K-9QPX", "7F3K-9QP", "", "cw " * 50]
)
def test_ordinary_text_holds_no_reference(text: str):
    assert find_references(text) == []


@pytest.mark.parametrize("number", [-1, 2**30])
def test_a_number_of_the_wrong_size_is_refused(number: int):
    with pytest.raises(ValueError, match="at most 30 bits"):
        reference_from(number)


@given(st.integers(0, 2**RANDOM_BITS - 1))
def test_every_number_has_a_reference_without_letters_to_confuse(number: int):
    reference = reference_from(number)

    assert parse_reference(reference) == reference
    assert find_references(f"x {reference}.") == [reference]
    assert not set(reference[3:]) & set("ILOU")


@given(st.sets(st.integers(0, 2**RANDOM_BITS - 1), min_size=2))
def test_different_numbers_have_different_references(numbers: set[int]):
    assert len({reference_from(number) for number in numbers}) == len(numbers)


@given(references, st.sampled_from(PLACES), st.sampled_from(SYMBOLS))
def test_one_wrong_symbol_is_always_noticed(reference: str, place: int, symbol: str):
    wrong = reference[:place] + symbol + reference[place + 1 :]

    assert (parse_reference(wrong) == reference) is (wrong == reference)
    assert parse_reference(wrong) in (reference if wrong == reference else None, None)


@given(references, st.sampled_from(PLACES), st.sampled_from(PLACES))
def test_two_swapped_symbols_are_always_noticed(reference: str, one: int, other: int):
    symbols = list(reference)
    symbols[one], symbols[other] = symbols[other], symbols[one]
    swapped = "".join(symbols)

    assert parse_reference(swapped) == (reference if swapped == reference else None)


@given(st.text(max_size=300))
def test_any_text_can_be_searched(text: str):
    assert all(parse_reference(found) == found for found in find_references(text))
