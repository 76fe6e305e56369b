"""What holds for every history, however odd."""

from datetime import timedelta

import pytest
from django.db.models import Count

from caseward.casework.models import Case
from caseward.metrics import queries
from caseward.metrics.definitions import METRICS
from caseward.metrics.models import CaseFact, Daily, Outcome
from caseward.metrics.services import fold, rebuild
from caseward.metrics.slices import Slice
from caseward.sla.models import Clock
from tests.builders import MONDAY_9AM
from tests.metrics.histories import History

NOW = MONDAY_9AM + timedelta(days=4)
pytestmark = pytest.mark.django_db


@pytest.fixture(params=[1, 2, 3])
def cases(request):
    history = History(request.param, ends_at=NOW)
    lived = history.live(8, days=20)
    fold(now=NOW)
    lived += history.live(8, days=20)
    fold(now=NOW)
    return lived


def test_folding_in_steps_gives_what_folding_anew_gives(cases):
    names = [field.attname for field in Outcome._meta.concrete_fields]
    in_steps = (
        sorted(Outcome.objects.values_list(*names)),
        sorted(Daily.objects.values_list(*Daily.KEY, "cases")),
    )
    rebuild(now=NOW)
    assert in_steps == (
        sorted(Outcome.objects.values_list(*names)),
        sorted(Daily.objects.values_list(*Daily.KEY, "cases")),
    )


def test_daily_sums_are_the_outcomes_counted(cases):
    outcomes = Outcome.objects.exclude(metric="backlog").values_list(*Daily.KEY)
    assert sorted(outcomes.annotate(n=Count("case_id"))) == sorted(
        Daily.objects.values_list(*Daily.KEY, "cases")
    )


def test_the_backlog_is_what_is_open_and_what_came_in_less_what_went_out(cases):
    is_open = Case.objects.exclude(status__in=Case.FINISHED)
    backlog = set(Outcome.objects.filter(metric="backlog").values_list("case_id", flat=True))
    came = Outcome.objects.filter(metric="cases_in").count()
    went = Outcome.objects.filter(metric="cases_out").count()

    assert backlog == set(is_open.values_list("pk", flat=True))
    assert len(backlog) == came - went


def test_facts_agree_with_the_cases_and_clocks_themselves(cases):
    facts = {fact.case_id: fact for fact in CaseFact.objects.all()}
    assert facts
    for case in Case.objects.all():
        fact = facts[case.pk]
        assert fact.is_left_out == (case.merged_into_id is not None)
        assert fact.lob_id == case.lob_id
        assert fact.first_replied_at == case.first_replied_at
        assert fact.reopened_count == case.reopened_count
        if not case.merged_into_id:
            assert fact.is_finished == case.is_finished
            assert fact.resolved_at == case.resolved_at
    for clock in Clock.objects.filter(stopped_at__isnull=False):
        fact = facts[clock.case_id]
        is_first = clock.kind == "FIRST_RESPONSE"
        assert clock.was_met == (fact.first_reply_met if is_first else fact.resolution_met)


def test_every_figure_of_every_split_is_as_long_as_its_list(cases):
    today = NOW.date()
    piece = Slice(starts_on=today - timedelta(days=20), ends_before=today + timedelta(days=1))
    for by in ("site_id", "vendor_id", "team_id", "lob_id"):
        split = queries.split(piece, by, today=today)
        assert split, by
        for group, figures in split.items():
            narrowed = Slice(
                starts_on=piece.starts_on,
                ends_before=piece.ends_before,
                **{f"{by}s": frozenset({group})},
            )
            for key, figure in figures.items():
                if not METRICS[key].is_as_of:
                    for part in METRICS[key].parts:
                        behind = queries.behind(
                            narrowed, metric=key, parts=[part], now=NOW, today=today
                        )
                        assert behind.count() == figure.parts.get(part, 0)


def test_ages_of_the_backlog_add_up_to_it_and_open_into_it(cases):
    today = NOW.date()
    piece = Slice(starts_on=today, ends_before=today)
    backlog = queries.backlog(piece, now=NOW)

    assert sum(backlog.by_age.values()) == backlog.cases > 0
    for age, n in backlog.by_age.items():
        behind = queries.behind(piece, metric="backlog", parts=[], age=age, now=NOW, today=today)
        assert behind.count() == n


def test_the_backlog_worked_back_from_now_is_what_it_was_then(cases):
    today = NOW.date()
    piece = Slice(starts_on=today - timedelta(days=27), ends_before=today + timedelta(days=1))
    monday = today - timedelta(days=today.weekday())
    found = queries.weekly(piece, today=today)
    weeks = {
        day: found.get(day) or queries.together([])
        for day in (monday - timedelta(weeks=n) for n in range(4))
    }
    now = queries.backlog(piece, now=NOW).cases

    for week, n in queries.backlog_at_week_ends(now, weeks).items():
        until = week + timedelta(days=6)
        came = Outcome.objects.filter(metric="cases_in", day__lte=until).count()
        went = Outcome.objects.filter(metric="cases_out", day__lte=until).count()
        assert n == came - went
