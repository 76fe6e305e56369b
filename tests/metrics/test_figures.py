"""Shares, their intervals and what may be said about them, worked by hand."""

import pytest
from django.db import IntegrityError, transaction

from caseward.metrics.definitions import CSAT, FIRST_RESPONSE, METRICS, REOPEN_RATE, VERDICTS
from caseward.metrics.figures import Figure
from caseward.metrics.models import Target
from caseward.metrics.queries import together
from caseward.metrics.reference import PAGE, page
from caseward.metrics.targets import set_target, targets
from tests.builders import a_lob


def csat(satisfied, other):
    return Figure(CSAT, {"SATISFIED": satisfied, "OTHER": other})


def test_a_share_is_divided_last():
    small, large = csat(1, 0), csat(50, 50)
    both = together([{"csat": small}, {"csat": large}])["csat"]

    assert (both.counted, both.out_of) == (51, 101)
    assert both.share == pytest.approx(51 / 101)  # and not the mean of 100 % and 50 %


def test_a_share_of_nothing_is_no_share():
    assert csat(0, 0).share is None
    assert csat(0, 0).interval is None
    assert csat(0, 0).verdict(0.85) == "none"


def test_a_small_sample_has_an_interval_but_no_point():
    assert not csat(14, 0).has_point
    assert csat(14, 0).interval is not None
    assert csat(15, 0).has_point


def test_the_interval_is_wilsons():
    low, high = csat(81, 182).interval  # Newcombe 1998: 81 of 263
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)


@pytest.mark.parametrize(
    ("satisfied", "other", "said"),
    [(95, 5, "on"), (70, 30, "off"), (85, 15, "unclear"), (4, 0, "unclear")],
)
def test_on_target_means_the_whole_interval_is(satisfied, other, said):
    assert csat(satisfied, other).verdict(0.85) == said


def test_where_lower_is_better_a_low_share_is_on_target():
    reopened = Figure(REOPEN_RATE, {"REOPENED": 1, "STAYED": 199})
    assert reopened.verdict(0.05) == "on"
    assert reopened.verdict(0.0001) == "off"


def test_two_points_up_among_few_ratings_is_no_change():
    assert csat(98, 22).change_from(csat(96, 24)) is None
    assert csat(900, 100).change_from(csat(800, 200)) == pytest.approx(0.1)


def test_escalations_not_judged_yet_are_beside_the_share_not_in_it():
    figure = Figure(VERDICTS, {"NEEDED": 6, "AVOIDABLE": 3, "WRONG_LOB": 1, "UNJUDGED": 10})
    assert (figure.counted, figure.out_of) == (6, 10)


@pytest.mark.django_db
def test_a_target_of_a_line_of_business_goes_before_that_of_the_operation():
    age = a_lob("age-support")
    assert targets()["first_response"] == 0.9

    set_target(metric="first_response", value=0.95)
    set_target(metric="first_response", value=0.8, lob_id=age.pk)

    assert targets()["first_response"] == 0.95
    assert targets(age.pk)["first_response"] == 0.8
    assert targets(age.pk)["csat"] == 0.85
    set_target(metric="first_response", value=None, lob_id=age.pk)
    assert targets(age.pk)["first_response"] == 0.95


@pytest.mark.django_db
@pytest.mark.parametrize(("metric", "value"), [("backlog", 0.5), ("mood", 0.5), ("csat", 85)])
def test_a_target_that_makes_no_sense_is_refused(metric, value):
    with pytest.raises(ValueError, match=r"must be"):
        set_target(metric=metric, value=value)


@pytest.mark.django_db
def test_the_database_keeps_one_target_for_the_whole_operation():
    Target.objects.create(metric="csat", value=0.8)
    with pytest.raises(IntegrityError, match="target_once"), transaction.atomic():
        Target.objects.create(metric="csat", value=0.9)
    with pytest.raises(IntegrityError, match="target_is_a_share"), transaction.atomic():
        Target.objects.create(metric="resolution", value=90)


def test_keys_fit_their_columns_and_the_reference_is_up_to_date():
    assert FIRST_RESPONSE.key in METRICS
    assert all(len(key) <= 20 for key in METRICS)
    assert all(len(part) <= 10 for metric in METRICS.values() for part in metric.parts)
    assert PAGE.read_text(encoding="utf-8") == page()
