"""Who is asked what they thought, once, and how long they may change their mind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.casework.models import Case, Outgoing
from caseward.casework.services import Person, merge_case, resolve_case
from caseward.ledger import queries as ledger
from caseward.org.acting import Actor, acting
from caseward.quality import services
from caseward.quality.models import Survey
from caseward.quality.services import answer_survey, ask_surveys
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_reason,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db
SOON = MONDAY_9AM + timedelta(hours=1)


def a_resolved_case(*, disposition=None, **case):
    agent = case.pop("assignee", None) or an_agent()
    made = a_case(assignee=agent, **case)
    return resolve_case(
        reference=made.reference,
        by=agent,
        disposition=disposition or a_disposition(),
        now=MONDAY_9AM,
    )


def an_asked_case(**case):
    made = a_resolved_case(**case)
    ask_surveys(now=SOON)
    return made


def events(case, kind):
    return [event.data for event in ledger.timeline(case.pk).filter(kind=kind).order_by("seq")]


def test_a_resolved_case_is_asked_about_once():
    agent = an_agent()
    case = a_resolved_case(assignee=agent)

    assert [ask_surveys(now=SOON), ask_surveys(now=SOON)] == [1, 0]

    assert Outgoing.objects.get(case=case, kind="SURVEY").send_after == SOON
    assert events(case, "survey.asked") == [
        {
            "vendor_id": case.vendor_id,
            "lob_id": case.lob_id,
            "resolved_by_id": agent.pk,
            "team_id": agent.team_id,
            "site_id": agent.site_id,
        }
    ]


def test_the_answer_is_read_before_anybody_is_asked_and_old_cases_are_let_rest():
    a_resolved_case()

    assert ask_surveys(now=MONDAY_9AM + services.ASK_AFTER - timedelta(seconds=1)) == 0
    assert ask_surveys(now=MONDAY_9AM + services.ASK_WITHIN) == 0
    assert ask_surveys(now=MONDAY_9AM + services.ASK_AFTER) == 1


@pytest.mark.parametrize(
    "unfit",
    [
        lambda: {"disposition": a_disposition_without_survey()},
        lambda: {"reason_id": a_reason(key="grooming", severity=4).pk},
        lambda: {"tags": ["in-danger"]},
        lambda: {"tags": ["others-may-read-mail"]},
        lambda: {"people": [Person(name="Asha", phone="+60 12 345 6789")]},
    ],
)
def test_some_are_never_asked(unfit):
    a_resolved_case(**unfit())

    assert ask_surveys(now=SOON) == 0
    a_resolved_case()
    assert ask_surveys(now=SOON) == 1


def a_disposition_without_survey():
    disposition = a_disposition(key="duplicate")
    disposition.is_survey_wanted = False
    disposition.save()
    return disposition


def test_a_case_that_is_open_again_or_merged_is_not_asked_about():
    leader = a_team_leader()
    target, duplicate = a_case(), a_case()
    merge_case(reference=duplicate.reference, into=target.reference, by=leader, now=MONDAY_9AM)
    a_case()

    assert ask_surveys(now=SOON) == 0


def test_asking_costs_the_same_however_many_are_closed(django_assert_num_queries):
    case = a_resolved_case()
    Case.objects.filter(pk=case.pk).update(status=Case.Status.CLOSED)

    with django_assert_num_queries(4):  # savepoint, turn, question, release
        ask_surveys(now=SOON)


def test_an_answer_is_recorded_with_whose_work_it_was():
    case = an_asked_case()

    survey = answer_survey(case_id=case.pk, rating=4, comment="Call me: asha@example.com", now=SOON)

    assert (survey.rating, survey.answered_at, survey.changed_at) == (4, SOON, None)
    assert survey.comment == "Call me: a•••@e•••.com"
    answered = events(case, "survey.answered")[0]
    assert (answered["rating"], answered["before"]) == (4, None)
    assert answered["team_id"] == events(case, "survey.asked")[0]["team_id"]


def test_a_mind_may_be_changed_for_seven_days():
    case = an_asked_case()
    answer_survey(case_id=case.pk, rating=2, comment="", now=SOON)

    answer_survey(case_id=case.pk, rating=5, comment="", now=SOON + timedelta(days=6))
    with pytest.raises(services.TooLate):
        answer_survey(case_id=case.pk, rating=1, comment="", now=SOON + timedelta(days=7))

    survey = Survey.objects.get()
    assert (survey.rating, survey.answered_at) == (5, SOON)
    assert [(one["rating"], one["before"]) for one in events(case, "survey.answered")] == [
        (2, None),
        (5, 2),
    ]


def test_the_same_answer_twice_leaves_one_trace():
    case = an_asked_case()
    for _ in range(2):
        answer_survey(case_id=case.pk, rating=3, comment="ok", now=SOON)

    assert len(events(case, "survey.answered")) == 1


def test_what_was_not_asked_cannot_be_answered_and_a_rating_is_one_to_five():
    asked, other = an_asked_case(), a_case()

    with pytest.raises(services.NotAsked):
        answer_survey(case_id=other.pk, rating=3, comment="", now=SOON)
    for rating in (0, 6, -1):
        with pytest.raises(services.NoSuchRating):
            answer_survey(case_id=asked.pk, rating=rating, comment="", now=SOON)
    answer_survey(case_id=asked.pk, rating=3, comment="\x00fine", now=SOON)
    assert Survey.objects.get().comment == "fine"


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"rating": 6, "answered_at": SOON}, "survey_rating_1_to_5"),
        ({"rating": 3}, "survey_answered_with_a_rating"),
    ],
)
def test_the_database_refuses_impossible_answers(values, constraint):
    case = a_case()

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Survey.objects.create(case=case, asked_at=SOON, **values)


def test_a_vendor_sees_what_was_thought_of_its_own_cases_only():
    ours = an_agent()
    an_asked_case(assignee=ours)
    theirs = an_agent(vendor=a_vendor("melati"))

    for agent, seen in [(ours, 1), (theirs, 0)]:
        with acting(Actor.staff(agent)):
            assert Survey.objects.count() == seen
