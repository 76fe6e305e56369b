"""What somebody is shown about themselves, and what they are asked."""

from datetime import date, timedelta

import pytest

from caseward.org.acting import Actor, acting
from caseward.wellbeing import consents, own, privacy, services
from caseward.wellbeing.consents import MayNotAsk, TooLateToAnswer
from caseward.wellbeing.models import Consent, Glance
from tests.wellbeing.conftest import a_line_lead, at, meets

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 16)


def test_somebody_sees_their_own_days_and_what_it_was_about(people):
    meets(people.agent, begins=0, ends=20, severity=3)
    meets(people.agent, begins=20, ends=40, severity=2, category="")
    meets(people.agent, begins=1440, ends=1446, severity=4, category="gore")
    meets(people.colleague, begins=0, ends=60)

    with acting(Actor.staff(people.agent)):
        mine = own.own_of(people.agent, at(1446))

    assert [(day.on, day.counted) for day in mine.days] == [
        (MONDAY, 25), (MONDAY + timedelta(days=1), 6),
    ]  # fmt: skip
    assert mine.days[0].by_severity == [0, 0, 20, 20, 0]
    assert mine.categories == [("self-harm", 20), ("gore", 6)]
    assert (mine.left.shift_minutes, mine.left.week_minutes) == (6, 31)


def test_a_request_is_seen_by_whoever_is_asked_and_by_whoever_asked(people):
    lead = a_line_lead()
    with acting(Actor.staff(lead)):
        number = consents.ask(
            case_id=7, staff=people.agent, by=lead, why=" Only Malay speaker ", now=at(0)
        )
        (asked,) = consents.asked_by(lead, since=at(0))
        assert (asked.id, asked.why, asked.agreed_at) == (number, "Only Malay speaker", None)
    with acting(Actor.staff(people.agent)):
        (request,) = consents.open_requests_of(people.agent, at(1))
        assert (request.pk, request.asked_by) == (number, lead)
    with acting(Actor.staff(people.regional_lead)):
        assert consents.asked_by(people.regional_lead, since=at(0)) == []
    with acting(Actor.staff(people.colleague)):
        assert consents.open_requests_of(people.colleague, at(1)) == []
        with pytest.raises(TooLateToAnswer):
            consents.agree(request_id=number, by=people.colleague, now=at(1))


@pytest.mark.parametrize("role", ["team_leader", "agent"])
def test_whoever_may_not_ask_is_refused(people, role):
    person = getattr(people, role)
    with acting(Actor.staff(person)), pytest.raises(MayNotAsk):
        consents.ask(case_id=7, staff=people.colleague, by=person, why="x", now=at(0))


def test_nobody_asks_themselves_or_without_a_reason(people):
    lead = people.regional_lead
    for staff, why in ((lead, "x"), (people.agent, "  ")):
        with acting(Actor.staff(lead)), pytest.raises(MayNotAsk):
            consents.ask(case_id=7, staff=staff, by=lead, why=why, now=at(0))


@pytest.mark.parametrize("answer", [consents.agree, consents.decline])
def test_an_answer_is_given_once_and_in_time(people, answer):
    lead = people.regional_lead
    first, second = (
        consents.ask(case_id=case, staff=people.agent, by=lead, why="x", now=at(0))
        for case in (1, 2)
    )
    answer(request_id=first, by=people.agent, now=at(29))

    for late, minute in ((first, 29), (second, 30)):
        with pytest.raises(TooLateToAnswer):
            answer(request_id=late, by=people.agent, now=at(minute))


def test_a_no_looks_like_no_answer_to_whoever_asked(people):
    lead = people.regional_lead
    for case, answers in ((1, False), (2, True)):
        with acting(Actor.staff(lead)):
            number = consents.ask(case_id=case, staff=people.agent, by=lead, why="x", now=at(0))
        if answers:
            consents.decline(request_id=number, by=people.agent, now=at(1))

    with acting(Actor.staff(lead)):
        no, silence = consents.asked_by(lead, since=at(0))
        assert (no.agreed_at, no.expires_at) == (silence.agreed_at, silence.expires_at)


def test_an_export_is_complete_and_erasing_leaves_nothing(people):
    meets(people.agent, begins=0, ends=5)
    with acting(Actor.staff(people.agent)):
        services.choose_opt_outs(by=people.agent, categories=["gore"], now=at(0))

    told = privacy.everything_about(people.agent.pk)
    assert {name: len(rows) for name, rows in told.items()} == {
        "exposure": 1, "optout": 1, "consent": 0, "glance": 0,
    }  # fmt: skip
    assert privacy.forget(people.agent.pk) == 1
    assert not any(privacy.everything_about(people.agent.pk).values())


def test_what_is_kept_for_ninety_days_is_then_gone(people):
    consents.ask(case_id=1, staff=people.agent, by=people.regional_lead, why="x", now=at(0))
    Glance.objects.create(staff=people.regional_lead, what="sums", at=at(0))

    assert privacy.forget_old(now=at(0) + timedelta(days=90)) == 0
    assert privacy.forget_old(now=at(60) + timedelta(days=90)) == 2
    assert not Consent.objects.exists()
