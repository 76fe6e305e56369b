"""One rule says what a tag is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.tags import LONGEST, NotATag, tag_of


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("SIM-Swap", "sim-swap"),
        ("  Badge   wave ", "badge-wave"),
        ("हिन्दी", "हिन्दी"),
        ("தமிழ் 2", "தமிழ்-2"),
        ("盗号", "盗号"),
    ],
)
def test_a_tag_is_kept_in_lower_case_with_hyphens_for_spaces(written, kept):
    assert tag_of(written) == kept


@pytest.mark.parametrize("written", ["", " ", "-", "wave!!", "<b>", "a,b", "a/b", "x" * 41, "a\0b"])
def test_what_has_other_signs_or_no_letter_is_no_tag(written):
    with pytest.raises(NotATag) as refusal:
        tag_of(written)

    assert refusal.value.written == written


@given(st.text(max_size=60))
def test_a_kept_tag_is_a_tag_and_stays_as_it_is(written):
    try:
        kept = tag_of(written)
    except NotATag:
        return
    assert kept == tag_of(kept)
    assert len(kept) <= LONGEST
