"""From the verbs of casework through the ledger to facts, outcomes and daily sums."""

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Count

from caseward.casework.services import (
    close_resolved_cases,
    escalate_case,
    merge_case,
    note_missed_clocks,
    reopen_case,
    reply,
    resolve_case,
    return_escalation,
    take_back_reply,
    transfer_case,
    unmerge_case,
)
from caseward.ledger.services import record
from caseward.metrics.models import CaseFact, Daily, Freshness, Outcome
from caseward.metrics.services import fold, rebuild
from caseward.org.acting import Actor, acting
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_promise,
    a_share,
    a_specialist,
    a_vendor,
    an_agent,
)

UNDO = timedelta(seconds=10)
NOW = MONDAY_9AM + timedelta(days=3)


def hours(n: float) -> datetime:
    return MONDAY_9AM + timedelta(hours=n)


def outcomes(metric):
    rows = Outcome.objects.filter(metric=metric).order_by("case_id", "nth")
    return list(rows.values_list("case_id", "part", "at"))


def sums_agree():
    """Whether the daily sums are what counting the outcomes anew gives."""
    names = Daily.KEY
    counted = (
        Outcome.objects.exclude(metric="backlog").values_list(*names).annotate(n=Count("case_id"))
    )
    kept = Daily.objects.values_list(*names, "cases")
    return sorted(counted) == sorted(kept)


@pytest.mark.django_db
def test_a_case_answered_and_resolved_is_in_every_figure_it_belongs_to():
    a_promise()
    agent = an_agent()
    case = a_case(assignee=agent)
    reply(
        reference=case.reference, by=agent, text="Done.", now=hours(1), undo=UNDO,
        disposition=a_disposition(),
    )  # fmt: skip
    record(
        "survey.answered", at=hours(30), actor_id=None, actor_name="Requester", case_id=case.pk,
        data={"rating": 5},
    )  # fmt: skip

    fold(now=NOW)

    assert outcomes("first_response") == [(case.pk, "MET", hours(1))]
    assert outcomes("cases_out") == [(case.pk, "RESOLVED", hours(1))]
    assert outcomes("csat") == [(case.pk, "SATISFIED", hours(30))]
    assert outcomes("backlog") == []
    fact = CaseFact.objects.get()
    assert (fact.reference, fact.rating, fact.is_finished) == (case.reference, 5, True)
    assert (fact.team_id, fact.site_id) == (agent.team_id, agent.site_id)
    assert Freshness.objects.get().filled_at == NOW
    assert sums_agree()


@pytest.mark.django_db
def test_an_unanswered_case_past_its_deadline_is_missed_once_the_sweep_saw_it():
    a_promise(duration=timedelta(hours=4))
    case = a_case()
    fold(now=hours(3))
    assert outcomes("first_response") == []

    note_missed_clocks(now=hours(5))
    fold(now=hours(5))

    assert outcomes("first_response") == [(case.pk, "MISSED", hours(4))]


@pytest.mark.django_db
def test_a_reply_taken_back_leaves_every_figure_as_it_was():
    a_promise()
    agent = an_agent()
    case, recovered = a_case(assignee=agent), a_disposition()
    fold(now=hours(0))
    before = list(Daily.objects.order_by("metric").values_list(*Daily.KEY, "cases"))

    sent = reply(
        reference=case.reference, by=agent, text="Done.", now=hours(1), undo=UNDO,
        disposition=recovered,
    )  # fmt: skip
    fold(now=hours(1))
    assert outcomes("cases_out") != []
    take_back_reply(message_id=sent.pk, by=agent, now=hours(1) + timedelta(seconds=5))
    fold(now=hours(2))

    assert list(Daily.objects.order_by("metric").values_list(*Daily.KEY, "cases")) == before
    assert outcomes("backlog") == [(case.pk, "OPEN", hours(0))]


@pytest.mark.django_db
def test_a_merged_duplicate_is_in_no_figure_until_it_is_unmerged():
    agent = an_agent()
    case, duplicate = a_case(assignee=agent), a_case(assignee=agent)

    merge_case(reference=duplicate.reference, into=case.reference, by=agent, now=hours(1))
    fold(now=NOW)
    assert outcomes("cases_in") == [(case.pk, "OPENED", hours(0))]
    assert CaseFact.objects.get(pk=duplicate.pk).is_left_out

    unmerge_case(reference=duplicate.reference, by=agent, now=hours(2))
    fold(now=NOW)
    assert [case_id for case_id, *_ in outcomes("backlog")] == [case.pk, duplicate.pk]
    assert sums_agree()


@pytest.mark.django_db
def test_an_escalation_returned_and_resolved_keeps_its_verdict_with_tier_1():
    agent, specialist, recovered = an_agent(), a_specialist(), a_disposition()
    case = a_case(assignee=agent)
    escalate_case(reference=case.reference, by=agent, why="Payout", tried="Link", now=hours(1))
    return_escalation(
        reference=case.reference, by=specialist, verdict="AVOIDABLE", note="Use the macro.",
        now=hours(2),
    )  # fmt: skip
    resolve_case(reference=case.reference, by=agent, disposition=recovered, now=hours(3))
    close_resolved_cases(now=hours(30), after=timedelta(days=1))

    fold(now=NOW)

    assert outcomes("verdicts") == [(case.pk, "AVOIDABLE", hours(1))]
    assert outcomes("escalation_rate") == [(case.pk, "ESCALATED", hours(1))]
    assert Outcome.objects.get(metric="verdicts").team_id == agent.team_id


@pytest.mark.django_db
def test_a_transferred_case_counts_for_the_line_of_business_it_ends_in():
    agent, other = an_agent(), a_lob("age-support")
    a_share(a_vendor(), other)
    case = a_case(assignee=agent)
    fold(now=hours(0))

    transfer_case(
        reference=case.reference, by=agent, lob=other, language="en", why="Age", now=hours(1)
    )
    fold(now=hours(1))

    assert set(Daily.objects.values_list("lob_id", flat=True)) == {other.pk}


@pytest.mark.django_db
def test_folding_bit_by_bit_twice_or_anew_gives_the_same():
    agent, recovered = an_agent(), a_disposition()
    for n in range(3):
        case = a_case(assignee=agent, opened_at=hours(n))
        resolve_case(reference=case.reference, by=agent, disposition=recovered, now=hours(n + 1))
        reopen_case(reference=case.reference, by=agent, now=hours(n + 20))
        fold(now=hours(n + 20), at_most=2)
    while fold(now=NOW, at_most=2):
        pass
    bit_by_bit = sorted(Outcome.objects.values_list())

    fold(now=NOW)
    assert sorted(Outcome.objects.values_list()) == bit_by_bit
    assert sums_agree()

    assert rebuild(now=NOW) == 3
    assert sorted(Outcome.objects.values_list()) == bit_by_bit
    assert sums_agree()


@pytest.mark.django_db
def test_days_are_those_of_the_reporting_zone():
    an_agent()  # in Gurugram, five and a half hours ahead
    a_case(opened_at=datetime(2026, 11, 16, 18, 29, tzinfo=UTC))
    a_case(opened_at=datetime(2026, 11, 16, 18, 30, tzinfo=UTC))

    fold(now=NOW)
    days = Outcome.objects.filter(metric="cases_in").order_by("at").values_list("day", flat=True)
    assert list(days) == [date(2026, 11, 16), date(2026, 11, 17)]

    rebuild(now=NOW, zone="UTC")
    assert set(days.all()) == {date(2026, 11, 16)}
    assert Freshness.objects.get().zone == "UTC"


@pytest.mark.django_db
def test_a_sum_below_nothing_is_refused_by_the_database():
    a_case()
    fold(now=NOW)
    with pytest.raises(IntegrityError, match="daily_counts_up"), transaction.atomic():
        Daily.objects.update(cases=-1)


@pytest.mark.django_db
def test_a_vendors_staff_may_not_read_figures_at_all():
    agent = an_agent()
    with (
        acting(Actor.staff(agent)),
        pytest.raises(Exception, match="permission denied"),
        transaction.atomic(),
    ):
        Daily.objects.count()


def test_an_event_that_appears_late_is_not_overlooked(committed_db):
    """Event 1 is written first but appears after event 2, when the fold has been past it."""
    with acting(Actor.system("tests")):
        slow, quick = a_case(), a_case()
        fold(now=NOW)
    written, go_on = threading.Event(), threading.Event()
    writer = threading.Thread(target=_record_slowly, args=(slow.pk, written, go_on))
    writer.start()
    assert written.wait(10)
    with acting(Actor.system("tests")):
        _ask(quick.pk)

    with acting(Actor.system("tests")):
        assert fold(now=NOW) == 0  # for it has to be read again
    with acting(Actor.system("tests")):
        assert outcomes("response_rate") == [(quick.pk, "SILENT", NOW)]  # shown at once
        held_back = Freshness.objects.get().last_event_id
    go_on.set()
    writer.join(10)
    with acting(Actor.system("tests")):
        fold(now=NOW)

    with acting(Actor.system("tests")):
        assert [case_id for case_id, *_ in outcomes("response_rate")] == [slow.pk, quick.pk]
        assert Freshness.objects.get().last_event_id == held_back + 2


def test_under_writing_that_never_stops_the_fold_still_gets_on(committed_db):
    """Somebody always writes, but no transaction lasts: what was noted settles one fold later."""
    with acting(Actor.system("tests")):
        cases = [a_case().pk for _ in range(3)]
        fold(now=NOW)
        before = Freshness.objects.get().last_event_id
    running = []
    for case_id in cases:
        written, go_on = threading.Event(), threading.Event()
        writer = threading.Thread(target=_record_slowly, args=(case_id, written, go_on))
        writer.start()
        assert written.wait(10)
        if running:
            running[-1][1].set()
            running[-1][0].join(10)
        running.append((writer, go_on))
        with acting(Actor.system("tests")):
            fold(now=NOW)

    with acting(Actor.system("tests")):
        assert Freshness.objects.get().last_event_id == before + 2
    running[-1][1].set()
    running[-1][0].join(10)


def _record_slowly(case_id: int, written: threading.Event, go_on: threading.Event) -> None:
    try:
        with acting(Actor.system("tests")):
            _ask(case_id)
            written.set()
            go_on.wait(10)
    finally:
        connection.close()


def _ask(case_id: int) -> None:
    record("survey.asked", at=NOW, actor_id=None, actor_name="Caseward", case_id=case_id)


def test_only_one_process_folds_at_a_time(committed_db):
    with acting(Actor.system("tests")):
        a_case()
    folded: list[int] = []

    def fold_too() -> None:
        with acting(Actor.system("tests")):
            folded.append(fold(now=NOW))
        connection.close()

    with acting(Actor.system("tests")):
        assert fold(now=NOW) == 1
        other = threading.Thread(target=fold_too)
        other.start()
        other.join(10)
    assert folded == [0]
