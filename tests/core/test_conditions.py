"""Conditions on what is known of a case."""

from hypothesis import given
from hypothesis import strategies as st

from caseward.core.conditions import NAMES, Conditions, Facts, both, example

VALUES = st.sampled_from(["a", "b", "c"])
TAGS = st.frozensets(st.sampled_from(["vip", "surge", "press"]))
CONDITIONS = st.builds(
    Conditions,
    st.dictionaries(st.sampled_from(NAMES[:3]), st.frozensets(VALUES, min_size=1)),
    TAGS,
    TAGS,
)
FACTS = st.builds(Facts, st.fixed_dictionaries(dict.fromkeys(NAMES[:3], VALUES)), TAGS)


def test_what_is_not_asked_may_be_anything():
    assert Conditions().hold(Facts({"lob": "age-support"}))


def test_a_fact_must_be_one_of_those_named():
    malay_or_tamil = Conditions.read({"language": ["ms", "ta"]})

    assert malay_or_tamil.hold(Facts({"language": "ms"}))
    assert not malay_or_tamil.hold(Facts({"language": "en"}))
    assert not malay_or_tamil.hold(Facts({}))


def test_tags_are_wanted_or_unwanted():
    new = Conditions.read({"tags": ["vip"], "without_tags": ["answered"]})

    assert new.hold(Facts({}, frozenset({"vip", "other"})))
    assert not new.hold(Facts({}, frozenset({"vip", "answered"})))


def test_what_wants_and_refuses_the_same_tag_can_never_hold():
    assert not Conditions.read({"tags": ["vip"], "without_tags": ["vip"]}).can_hold


@given(CONDITIONS)
def test_what_is_stored_is_read_again(conditions):
    assert Conditions.read(conditions.stored()) == conditions


@given(CONDITIONS, CONDITIONS, FACTS)
def test_both_hold_exactly_where_each_holds(one, other, facts):
    met = both(one, other)

    assert (met is not None and met.hold(facts)) == (one.hold(facts) and other.hold(facts))


@given(CONDITIONS, CONDITIONS)
def test_an_example_of_what_meets_fulfils_both(one, other):
    met = both(one, other)

    if met is not None:
        assert one.hold(example(met)) and other.hold(example(met))
