"""What a case's events mean for figures, worked by hand."""

from datetime import UTC, datetime, timedelta

import pytest

from caseward.metrics import contributions
from caseward.metrics.definitions import METRICS
from caseward.metrics.story import Event, Place, Story, tell

OPENED = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
ALPHA, BETA = {"team_id": 1, "site_id": 7}, {"team_id": 2, "site_id": 8}


def hours(n: float) -> datetime:
    return OPENED + timedelta(hours=n)


def opened(**data):
    deadlines = {"FIRST_RESPONSE": hours(4).isoformat(), "RESOLUTION": hours(48).isoformat()}
    return Event(
        "case.opened",
        OPENED,
        {
            "reference": "CW-7F3K-9QX", "channel": "EMAIL", "language": "en", "lob_id": 3,
            "vendor_id": 5, "reason_id": 9, "deadlines": deadlines, **data,
        },
    )  # fmt: skip


def event(kind, at, **data):
    return Event(kind, hours(at), {"lob_id": 3, "vendor_id": 5, **data})


def sent(at, *, message_id=1, is_first=True, met=True, place=ALPHA):
    return event("message.sent", at, message_id=message_id, is_first=is_first, met=met, **place)


def resolved(at, *, met=True, first_met=None, place=ALPHA):
    return event("case.resolved", at, met=met, first_met=first_met, **place)


def missed(at, clock, deadline):
    return event("clock.missed", at, clock=clock, deadline=hours(deadline).isoformat())


def told(*events) -> Story:
    story = tell(1, [opened(), *events])
    assert story is not None
    return story


def added(story, metric):
    return [(at, part) for at, part, _ in METRICS[metric].outcomes(story)]


def test_a_case_waiting_for_its_answer_is_neither_met_nor_missed():
    story = told()

    assert added(story, "first_response") == []
    assert added(story, "resolution") == []
    assert added(story, "backlog") == [(OPENED, "OPEN")]


def test_an_answer_in_time_counts_on_the_day_and_for_the_team_that_gave_it():
    story = told(sent(1), resolved(50, met=False, place=BETA))

    assert list(contributions.first_response(story)) == [(hours(1), "MET", Place(1, 7))]
    assert list(contributions.resolution(story)) == [(hours(48), "MISSED", Place(2, 8))]


def test_an_unanswered_case_is_late_from_its_deadline_on_though_it_is_open():
    story = told(missed(4.1, "FIRST_RESPONSE", 4))
    assert added(story, "first_response") == [(hours(4), "MISSED")]

    answered_late = told(missed(4.1, "FIRST_RESPONSE", 4), sent(30, met=False))
    assert added(answered_late, "first_response") == [(hours(4), "MISSED")]


def test_a_late_answer_nobody_noticed_in_between_is_late_from_the_deadline_on():
    assert added(told(sent(30, met=False)), "first_response") == [(hours(4), "MISSED")]


def test_a_final_answer_without_a_message_is_a_first_response_too():
    assert added(told(resolved(2, first_met=True)), "first_response") == [(hours(2), "MET")]


def test_an_answer_taken_back_was_never_given_and_neither_was_its_resolution():
    taken_back = event("message.taken_back", 1.1, message_id=1, is_first=True)
    story = told(sent(1), resolved(1), taken_back)

    assert added(story, "first_response") == added(story, "resolution") == []
    assert added(story, "cases_out") == []
    assert added(story, "backlog") == [(OPENED, "OPEN")]
    assert story.place == Place()

    again = told(sent(1), resolved(1), taken_back, sent(2, message_id=2), resolved(3))
    assert added(again, "first_response") == [(hours(2), "MET")]
    assert added(again, "cases_out") == [(hours(3), "RESOLVED")]


def test_a_reopened_case_comes_in_again_and_its_resolution_is_undecided():
    story = told(sent(1), resolved(2), event("case.reopened", 30))

    assert added(story, "cases_in") == [(OPENED, "OPENED"), (hours(30), "REOPENED")]
    assert added(story, "cases_out") == [(hours(2), "RESOLVED")]
    assert added(story, "resolution") == []
    assert added(story, "reopen_rate") == [(hours(2), "REOPENED")]
    assert added(story, "backlog") == [(OPENED, "OPEN")]

    late = told(sent(1), resolved(2), event("case.reopened", 30), resolved(90, met=False))
    assert added(late, "resolution") == [(hours(48), "MISSED")]
    assert added(late, "cases_out") == [(hours(2), "RESOLVED"), (hours(90), "RESOLVED")]


def test_reopening_after_a_week_is_another_matter():
    story = told(resolved(2), event("case.reopened", 2 + 7 * 24 + 1))
    assert added(story, "reopen_rate") == [(hours(2), "STAYED")]


def test_a_transfer_to_a_longer_promise_forgives_what_was_missed():
    transfer = event("case.transferred", 6, lob_id=4, from_lob_id=3, language="ms")
    story = told(
        missed(4.1, "FIRST_RESPONSE", 4),
        transfer,
        event("case.resolved", 7, lob_id=4, met=True, first_met=True),
    )

    assert added(story, "first_response") == [(hours(7), "MET")]
    assert (story.lob_id, story.language, story.reason_id) == (4, "ms", None)


def test_the_last_rating_wins():
    asked = event("survey.asked", 50)
    first, second = event("survey.answered", 60, rating=2), event("survey.answered", 70, rating=4)

    assert added(told(asked), "response_rate") == [(hours(50), "SILENT")]
    assert added(told(asked, first), "csat") == [(hours(60), "OTHER")]
    assert added(told(asked, first, second), "csat") == [(hours(70), "SATISFIED")]
    assert added(told(asked, first, second), "response_rate") == [(hours(50), "ANSWERED")]


def test_an_escalation_belongs_to_whoever_raised_it_whoever_answers_in_the_end():
    raised = event("case.escalated", 1, escalation_id=1, to_lob_id=4, **ALPHA)
    unjudged = told(raised)
    assert list(contributions.verdicts(unjudged)) == [(hours(1), "UNJUDGED", Place(1, 7))]
    assert unjudged.lob_id == 4

    settled = event("escalation.settled", 3, escalation_id=1, verdict="AVOIDABLE", lob_id=4)
    judged = told(raised, settled, sent(4, place=BETA), resolved(5, place=BETA))
    assert list(contributions.verdicts(judged)) == [(hours(1), "AVOIDABLE", Place(1, 7))]
    assert list(contributions.tier_1_handled(judged)) == [(hours(1), "ESCALATED", Place(1, 7))]


def test_a_case_tier_1_resolved_by_itself_is_handled_and_one_of_tier_2_is_not():
    assert added(told(resolved(5)), "escalation_rate") == [(hours(5), "RESOLVED")]

    of_tier_2 = tell(1, [opened(vendor_id=None), Event("case.resolved", hours(5), {**ALPHA})])
    assert added(of_tier_2, "escalation_rate") == []


def test_a_story_without_its_beginning_is_not_told():
    assert tell(1, [sent(1)]) is None


@pytest.mark.parametrize("metric", METRICS.values(), ids=METRICS)
def test_every_part_a_case_adds_is_one_the_metric_names(metric):
    events = [
        opened(),
        event("case.escalated", 1, escalation_id=1, **ALPHA),
        event("escalation.returned", 2, escalation_id=1, verdict="NEEDED"),
        sent(3),
        resolved(4),
        event("case.reopened", 5),
        resolved(6),
        event("survey.asked", 7),
        event("survey.answered", 8, rating=5),
    ]
    for end in range(1, len(events) + 1):
        for _, part, _ in metric.outcomes(tell(1, events[:end])):
            assert part in metric.parts
    assert metric.counted_parts <= metric.parts.keys()
    assert metric.out_of_parts <= metric.parts.keys()
