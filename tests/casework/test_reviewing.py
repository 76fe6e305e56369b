"""Cases open for long: which want a decision, what a decision does, who may decide."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.casework import access
from caseward.casework.listing import Filters, Pile
from caseward.casework.listing.aged import aged_cases
from caseward.casework.models import Case, CaseReview
from caseward.casework.services import AlreadyResolved, NothingToSay, resolve_case
from caseward.casework.services.reviewing import LookAgainWhen, Review, review_case
from caseward.ledger.models import Event
from caseward.routing.queries import queues
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_queue,
    a_team_leader,
    an_agent,
)

pytestmark = pytest.mark.django_db

IN_TWO_DAYS = MONDAY_9AM + timedelta(days=2)


def aged(days, **case):
    return a_case(opened_at=MONDAY_9AM - timedelta(days=days), **case)


def listed(now=MONDAY_9AM, **asked):
    pile = Pile.unfinished(queues())
    found, _page = aged_cases(
        pile, Filters(), by=a_team_leader(), now=now, day_ends_at=now + timedelta(hours=9), **asked
    )
    return list(found)


def decided(case, by=None, outcome="KEPT", now=MONDAY_9AM, **what):
    if outcome == "KEPT":
        what.setdefault("look_again_at", IN_TWO_DAYS)
    review = Review(outcome=outcome, next_step="Ask the bank again.", **what)
    return review_case(reference=case.reference, by=by or a_team_leader(), review=review, now=now)


def test_the_oldest_undecided_cases_come_first_and_young_ones_not_at_all():
    young, old, oldest = aged(1), aged(4), aged(9)
    done = aged(20)
    resolve_case(
        reference=done.reference, by=a_team_leader(), disposition=a_disposition(), now=MONDAY_9AM
    )

    assert listed() == [oldest.pk, old.pk]
    Case.objects.filter(pk=young.pk).update(urgency=1)  # its deadline has passed
    assert listed() == [oldest.pk, old.pk, young.pk]


def test_a_kept_case_comes_back_when_it_was_said_to():
    case = aged(4)
    decided(case)

    assert listed() == []
    assert listed(is_decided=True) == [case.pk]
    assert listed(now=IN_TWO_DAYS) == [case.pk]
    event = Event.objects.get(kind="case.reviewed")
    assert (event.data["outcome"], event.data["next_step"]) == ("KEPT", "Ask the bank again.")


def test_a_kept_case_says_when_to_look_again():
    case = aged(4)
    for again_at in (None, MONDAY_9AM, MONDAY_9AM + timedelta(days=61)):
        with pytest.raises(LookAgainWhen):
            decided(case, look_again_at=again_at)
    with pytest.raises(NothingToSay):
        review_case(
            reference=case.reference,
            by=a_team_leader(),
            review=Review(outcome="KEPT", next_step=" ", look_again_at=IN_TWO_DAYS),
            now=MONDAY_9AM,
        )
    assert not CaseReview.objects.exists()


def test_a_case_is_moved_or_resolved_with_its_review():
    moved, solved = aged(4), aged(5)
    other = a_lob("age-support")
    a_queue(1, moved.vendor, other, "en")
    decided(moved, outcome="MOVED", lob=other)
    decided(solved, outcome="RESOLVED", disposition=a_disposition())

    moved.refresh_from_db()
    solved.refresh_from_db()
    assert (moved.lob, solved.status) == (other, "RESOLVED")
    assert listed() == []
    assert listed(now=MONDAY_9AM + timedelta(days=3)) == [moved.pk]
    with pytest.raises(AlreadyResolved):
        decided(solved)


def test_nobody_decides_about_a_case_that_is_not_theirs():
    case = aged(4, assignee=an_agent())
    with pytest.raises(access.NotYoursToChange):
        decided(case, by=an_agent())
    assert not CaseReview.objects.exists()


def test_the_list_goes_on_where_the_page_before_ended(monkeypatch):
    monkeypatch.setattr("caseward.casework.listing.aged.ROWS", 2)
    monkeypatch.setattr("caseward.casework.listing.pages.ROWS", 2)
    cases = [aged(days) for days in (9, 8, 7)]
    asked = {
        "by": a_team_leader(), "now": MONDAY_9AM, "day_ends_at": IN_TWO_DAYS,
    }  # fmt: skip
    pile = Pile.unfinished(queues())
    _found, first = aged_cases(pile, Filters(), **asked)
    _found, second = aged_cases(pile, Filters(), after=first.below, **asked)
    _found, back = aged_cases(pile, Filters(), before=second.above, **asked)

    assert first.ids == [cases[0].pk, cases[1].pk] == back.ids
    assert second.ids == [cases[2].pk]


def test_the_database_keeps_a_moment_with_a_kept_case():
    review = CaseReview(
        case=aged(4), reviewer=a_team_leader(), at=MONDAY_9AM, outcome="KEPT", next_step="x"
    )
    with pytest.raises(IntegrityError, match="case_review_kept"), transaction.atomic():
        review.save()
