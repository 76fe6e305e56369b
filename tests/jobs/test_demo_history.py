"""The made-up history is what the verbs would have written, and what an operation looks like."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from django.db import transaction

from caseward.casework.services.recording import urgency_of
from caseward.core import deadlines
from caseward.jobs.demo.books import WRITERS, Book, Registry
from caseward.jobs.demo.bulk import NUMBERED
from caseward.jobs.demo.demand import arrivals
from caseward.jobs.demo.filling import OPERATION, as_it_was
from caseward.jobs.demo.floor import Floor
from caseward.jobs.demo.shifts import Rota, rotas
from caseward.jobs.demo.world import World, read_world
from caseward.jobs.operation.applying import apply
from caseward.jobs.operation.reading import read_operation
from caseward.org.catalogue import look_again
from caseward.policy.models import Disposition, Reason
from caseward.quality.services import SEVERE
from caseward.sla.calendars import calendar_of
from caseward.sla.services import facts_of
from tests.jobs.demo_replay import made_up, really_written, replay

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)  # a Tuesday, before noon in Gurugram
A_MINUTE = timedelta(minutes=1)
OFTEN_ENOUGH = 5


@pytest.fixture
def world() -> World:
    apply(as_it_was(read_operation(OPERATION)), now=NOW)
    look_again()
    return read_world("Lumen")


def shifts_of(world: World, seed: str = "shifts") -> dict[int, Rota]:
    calendars = {site_id: calendar_of(site_id) for site_id in world.sites}
    return rotas(world.members, calendars, now=NOW, random=Random(seed))


def books_of(world: World, *, cases: int, seed: str = "1") -> list[Book]:
    registry = Registry(
        dict.fromkeys(NUMBERED, 1),
        harmful_reasons=set(
            Reason.objects.filter(severity__gte=SEVERE).values_list("pk", flat=True)
        ),
        silent_dispositions=set(
            Disposition.objects.filter(is_survey_wanted=False).values_list("pk", flat=True)
        ),
    )
    floor = Floor(world, shifts_of(world), registry=registry, now=NOW, random=Random(seed))
    coming = arrivals(count=cases, now=NOW, random=Random(seed))
    return [story.book for story in floor.run(coming)]


def test_the_verbs_would_have_written_the_same(world):
    for group in _sample(_groups(books_of(world, cases=1_200))):
        with transaction.atomic():
            replay(group)
            for book in group:
                assert really_written(book) == made_up(book), book.case.reference
            transaction.set_rollback(True)


def _sample(groups: Iterable[list[Book]]) -> Iterable[list[Book]]:
    """Yield groups until every kind of act was among them often enough; all kinds are needed."""
    left = dict.fromkeys(WRITERS, OFTEN_ENOUGH)
    for group in groups:
        kinds = {type(act) for book in group for act in book.acts} & set(left)
        if any(left[kind] > 0 for kind in kinds):
            left.update({kind: left[kind] - 1 for kind in kinds})
            yield group
    assert not [kind for kind, missing in left.items() if missing == OFTEN_ENOUGH]


def _groups(books: Sequence[Book]) -> Iterable[list[Book]]:
    """Yield cases alone, or together with those they were merged into or linked with."""
    by_id = {book.case.pk: book for book in books}
    group_of = {number: {number} for number in by_id}
    for book in books:
        others = {link.other_id for link in book.links} | {book.case.merged_into_id}
        for other in others - {None}:
            joined = group_of[book.case.pk] | group_of[other]
            for number in joined:
                group_of[number] = joined
    for number in sorted(by_id):
        if number == min(group_of[number]):
            yield [by_id[member] for member in sorted(group_of[number])]


def test_every_way_a_case_can_go_is_shown(world):
    kinds = Counter(event.kind for book in books_of(world, cases=1_200) for event in book.events)

    assert set(kinds) >= {
        "case.acknowledged", "case.assigned", "case.closed", "case.escalated", "case.linked",
        "case.merged", "case.opened", "case.prioritised", "case.recognised", "case.reopened",
        "case.resolved", "case.resumed", "case.tagged", "case.transferred", "clock.missed",
        "escalation.accepted", "escalation.returned", "escalation.settled", "mail.sent",
        "message.received", "message.sent", "note.added", "survey.answered", "survey.asked",
    }  # fmt: skip


def test_outcomes_and_urgency_follow_from_the_facts(world):
    for book in books_of(world, cases=300):
        for clock in book.clocks.values():
            assert clock.deadline_at == deadlines.deadline(facts_of(clock))
            if clock.stopped_at is not None:
                missed = deadlines.is_missed(facts_of(clock), at=clock.stopped_at)
                assert clock.was_met is not missed
        due_at = None if book.case.is_finished else book.tightest_deadline()
        assert book.case.urgency == urgency_of(due_at, book.case.priority)


def test_events_of_a_case_are_in_order_and_none_is_still_to_come(world):
    for book in books_of(world, cases=300):
        times = [event.at for event in book.events]
        assert times == sorted(times)
        assert times[-1] <= NOW


def test_nobody_works_outside_their_shift(world):
    shifts = shifts_of(world)

    for book in books_of(world, cases=300):
        for event in book.events:
            if event.actor_id is not None:
                assert shifts[event.actor_id].at_work_until(event.at) is not None, event


def test_nobody_answers_two_cases_at_once(world):
    answers: dict[int | None, list[datetime]] = {}
    for book in books_of(world, cases=400):
        for event in book.events:
            if event.kind == "message.sent":
                answers.setdefault(event.actor_id, []).append(event.at)

    for times in answers.values():
        ordered = sorted(times)
        assert all(b - a > A_MINUTE for a, b in pairwise(ordered))


def test_the_same_seed_makes_the_same_history(world):
    first, second = (
        [(e.kind, e.at, e.data) for book in books_of(world, cases=200) for e in book.events]
        for _ in range(2)
    )

    assert first == second


def test_another_seed_makes_another_history(world):
    one, other = (
        [book.case.reference for book in books_of(world, cases=50, seed=seed)] for seed in "12"
    )

    assert one != other


def test_what_is_left_to_do_waits_in_both_tiers_and_with_both_vendors(world):
    unfinished = [book.case for book in books_of(world, cases=400) if not book.case.is_finished]

    assert 40 <= len(unfinished) <= 250
    assert {case.tier for case in unfinished} == {1, 2}
    assert len({case.vendor_id for case in unfinished}) == 2
    assert {case.language for case in unfinished} == {"en", "hi", "ms", "ta", "zh"}
    assert {"NEW", "PENDING", "OPEN", "ESCALATED"} <= {str(case.status) for case in unfinished}
