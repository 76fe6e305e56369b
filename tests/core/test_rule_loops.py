"""Rules that would set each other off for ever, and rules that want different things."""

from hypothesis import given
from hypothesis import strategies as st

from caseward.core.conditions import Conditions, Facts
from caseward.core.rule_loops import Behaviour, contradiction, find_circle

KINDS = ("case.tagged", "case.prioritised", "case.transferred")


def a_rule(name, listens, causes=(), conditions=None, **more):
    read = Conditions.read(conditions or {})
    return Behaviour(name, frozenset([listens]), read, frozenset(causes), **more)


def test_a_rule_that_sets_itself_off_is_a_circle():
    rule = a_rule("tag", "case.tagged", ["case.tagged"], adds_tags=frozenset({"vip"}))

    assert find_circle([rule]) == ["tag", "tag"]


def test_a_condition_that_the_action_makes_false_opens_the_circle():
    rule = a_rule(
        "tag",
        "case.tagged",
        ["case.tagged"],
        {"without_tags": ["vip"]},
        adds_tags=frozenset({"vip"}),
    )

    assert find_circle([rule]) == []


def test_a_circle_of_three_is_named_from_the_first():
    rules = [
        a_rule("calm", "case.opened", ["case.tagged"]),
        a_rule("up", "case.tagged", ["case.prioritised"]),
        a_rule("move", "case.prioritised", ["case.transferred"]),
        a_rule("tag", "case.transferred", ["case.tagged"]),
    ]

    assert find_circle(rules) == ["up", "move", "tag", "up"]


def test_a_value_set_by_the_first_decides_whether_the_second_can_follow():
    raises = {"listens": "case.tagged", "causes": ["case.prioritised"], "sets": {"priority": "1"}}
    raise_it = a_rule("raise", **raises)
    tags = {"listens": "case.prioritised", "causes": ["case.tagged"]}
    of_low = a_rule("low", **tags, conditions={"priority": ["4"]})
    of_urgent = a_rule("urgent", **tags, conditions={"priority": ["1"]})

    assert find_circle([raise_it, of_low]) == []
    assert find_circle([raise_it, of_urgent]) == ["raise", "urgent", "raise"]


def test_two_rules_that_set_different_values_contradict_each_other_with_a_case():
    up = a_rule("up", "case.opened", conditions={"language": ["ms"]}, sets={"priority": "1"})
    down = a_rule("down", "case.opened", conditions={"channel": ["FORM"]}, sets={"priority": "4"})

    found = contradiction(up, down)

    assert (found.about, found.wants) == ("priority", ("1", "4"))
    assert (found.case.values["language"], found.case.values["channel"]) == ("ms", "FORM")


def test_rules_that_never_meet_do_not_contradict_each_other():
    up = a_rule("up", "case.opened", conditions={"language": ["ms"]}, sets={"priority": "1"})
    down = a_rule("down", "case.opened", conditions={"language": ["en"]}, sets={"priority": "4"})

    assert contradiction(up, down) is None


def test_adding_and_removing_a_tag_contradict_each_other():
    add = a_rule("add", "case.opened", adds_tags=frozenset({"vip"}))
    remove = a_rule("remove", "case.opened", removes_tags=frozenset({"vip"}))

    assert contradiction(add, remove).about == "vip"
    assert contradiction(add, add) is None


def test_a_tag_that_stays_opens_a_circle_of_two():
    up = a_rule("up", "case.tagged", ["case.prioritised"])
    once = a_rule(
        "once",
        "case.prioritised",
        ["case.tagged"],
        {"without_tags": ["moved"]},
        adds_tags=frozenset({"moved"}),
    )
    again = a_rule("again", "case.tagged", [], removes_tags=frozenset({"moved"}))

    assert find_circle([up, once]) == []
    assert set(find_circle([up, once, again])) == {"up", "once"}


TAGS = st.frozensets(st.sampled_from(["a", "b"]))
RULES = st.lists(
    st.builds(
        Behaviour,
        st.uuids().map(str),
        st.frozensets(st.sampled_from(KINDS), min_size=1),
        st.builds(Conditions, st.just({}), TAGS, TAGS).filter(lambda c: c.can_hold),
        st.frozensets(st.sampled_from(KINDS), max_size=2),
        st.just({}),
        TAGS,
        TAGS,
    ),
    max_size=4,
)
STATES = 9  # each of two tags is known to be there, known not to be, or not known


@given(RULES, TAGS, st.sampled_from(KINDS))
def test_rules_without_a_circle_always_come_to_rest(rules, tags, kind):
    """Carried out on one case for real, one after the other, no chain of rules goes on for ever."""
    if find_circle(rules):
        return
    happening = [(kind, 0)]
    for kind, depth in happening:
        assert depth <= STATES * len(rules)
        for rule in rules:
            if kind in rule.listens and rule.conditions.hold(Facts({}, tags)):
                tags = (tags - rule.removes_tags) | rule.adds_tags
                happening += [(caused, depth + 1) for caused in rule.causes]
        if len(happening) > 2_000:
            return
