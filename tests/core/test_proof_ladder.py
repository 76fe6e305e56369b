"""The proof ladder of account recovery."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.core.proof_ladder import ACCOUNT_RECOVERY as LADDER

RUNGS = st.frozensets(st.sampled_from([rung.key for rung in LADDER.rungs]))
RISKS = st.frozensets(st.sampled_from(sorted(LADDER.risks)))


def test_a_known_device_and_an_old_factor_are_enough_for_an_ordinary_account():
    assert LADDER.score({"known-device", "old-factor"}) == 60
    assert LADDER.is_reached({"known-device", "old-factor"}, ())


def test_two_proofs_of_one_kind_count_once():
    assert LADDER.score({"known-device", "in-app-challenge"}) == 30
    assert not LADDER.is_reached({"liveness", "document"}, ())


def test_an_account_with_payouts_needs_more_and_a_second_person():
    assert LADDER.threshold({"payouts"}) == 70
    assert not LADDER.is_reached({"known-device", "old-factor"}, {"payouts"})
    assert LADDER.needs_two_people({"payouts"})
    assert not LADDER.needs_two_people(())


def test_it_says_which_single_proof_would_do():
    assert LADDER.would_do({"known-device"}, ()) == (
        "document", "earlier-payment", "old-factor", "liveness",
    )  # fmt: skip


@given(RUNGS, RUNGS, RISKS)
def test_a_further_proof_never_makes_it_worse(climbed, more, risks):
    assert LADDER.score(climbed | more) >= LADDER.score(climbed)
    if LADDER.is_reached(climbed, risks):
        assert LADDER.is_reached(climbed | more, risks)


@given(RUNGS, RISKS, RISKS)
def test_a_further_risk_never_makes_it_easier(climbed, risks, more):
    assert LADDER.threshold(risks | more) >= LADDER.threshold(risks)
    if not LADDER.is_reached(climbed, risks):
        assert not LADDER.is_reached(climbed, risks | more)
    if LADDER.needs_two_people(risks):
        assert LADDER.needs_two_people(risks | more)


@given(RISKS)
def test_whoever_shows_everything_gets_the_account_back(risks):
    assert LADDER.is_reached([rung.key for rung in LADDER.rungs], risks)


@given(RUNGS, RISKS)
def test_what_would_do_does(climbed, risks):
    for rung in LADDER.would_do(climbed, risks):
        assert LADDER.is_reached({*climbed, rung}, risks)


def test_an_unknown_rung_or_risk_is_a_mistake():
    with pytest.raises(ValueError, match="rungs must be among"):
        LADDER.score({"charm"})
    with pytest.raises(ValueError, match="risks must be among"):
        LADDER.threshold({"boredom"})
