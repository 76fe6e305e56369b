"""A case from its first message to its rating, verb by verb."""

from datetime import timedelta

import pytest

from caseward.casework import access
from caseward.casework.models import Case, Message, Outgoing, PartyContact
from caseward.casework.services import (
    AlreadyResolved,
    NothingToTake,
    Person,
    escalate_case,
    receive_message,
    reply,
    return_escalation,
    take_back_reply,
    take_next_case,
)
from caseward.casework.services.opening import ReferenceTaken
from caseward.core.references import reference_from
from caseward.ledger import queries as ledger
from caseward.org.acting import Actor, acting
from caseward.sla.models import Clock
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_promise,
    a_specialist,
    a_vendor,
    an_agent,
    at_work,
)

pytestmark = pytest.mark.django_db
UNDO = timedelta(seconds=10)
LATER = MONDAY_9AM + timedelta(hours=1)


def test_opening_writes_parties_message_clocks_acknowledgement_and_event():
    a_promise()
    a_promise(kind="RESOLUTION", duration=timedelta(days=2))

    case = a_case(text="Mail me at asha@example.com")

    assert case.messages.get().text == "Mail me at a•••@e•••.com"
    assert case.messages.get().original.text == "Mail me at asha@example.com"
    assert case.parties.get().masked_email == "a•••@e•••.com"
    assert {clock.deadline_at for clock in case.clocks.all()} == {
        MONDAY_9AM + timedelta(hours=4),
        MONDAY_9AM + timedelta(days=2),
    }
    assert case.outgoing.get().kind == Outgoing.Kind.ACKNOWLEDGEMENT
    assert [event.kind for event in ledger.timeline(case.pk)] == ["case.opened"]
    assert case.urgency == int((MONDAY_9AM + timedelta(hours=4)).timestamp()) * 10 + 3


def test_the_most_urgent_case_comes_next_and_never_twice():
    a_promise()
    agent = an_agent()
    late = a_case(opened_at=MONDAY_9AM)
    early = a_case(opened_at=MONDAY_9AM - timedelta(hours=2))

    with acting(Actor.staff(agent)):
        taken = [take_next_case(by=agent, now=LATER).pk for _ in range(2)]
        with pytest.raises(NothingToTake):
            take_next_case(by=agent, now=LATER)

    assert taken == [early.pk, late.pk]


def test_a_vendor_agent_answers_and_resolves():
    a_promise()
    agent = an_agent()
    case, recovered = a_case(assignee=agent), a_disposition()

    with acting(Actor.staff(agent)):
        reply(
            reference=case.reference,
            by=agent,
            text="You can sign in again.",
            now=LATER,
            undo=UNDO,
            disposition=recovered,
        )
        with pytest.raises(AlreadyResolved):
            reply(reference=case.reference, by=agent, text="Again", now=LATER, undo=UNDO)

    case.refresh_from_db()
    assert case.status == Case.Status.RESOLVED
    assert case.clocks.get().was_met is True
    assert case.outgoing.get(kind="REPLY").send_after == LATER + UNDO


def test_a_reply_taken_back_leaves_the_case_as_it_was():
    a_promise()
    agent = an_agent()
    case, recovered = a_case(assignee=agent), a_disposition()
    before = list(case.clocks.values())

    with acting(Actor.staff(agent)):
        sent = reply(
            reference=case.reference,
            by=agent,
            text="Done.",
            now=LATER,
            undo=UNDO,
            disposition=recovered,
        )
        take_back_reply(message_id=sent.pk, by=agent, now=LATER + timedelta(seconds=5))

    case.refresh_from_db()
    assert (case.status, case.resolved_at, case.first_replied_at) == ("OPEN", None, None)
    assert list(case.clocks.values()) == before
    assert not Message.objects.filter(pk=sent.pk).exists()
    assert case.draft_set.get().text == "Done."


def test_no_mark_turns_a_title_or_a_name_round():
    person = Person(name="A\u202esha", handle="\u2067asha")

    case = a_case(title="Pay\u202elap", people=[person])
    said = receive_message(
        case_id=case.pk, channel="EMAIL", text="More", author_name="A\u202esha", now=LATER
    )

    party = case.parties.get()
    assert (case.title, party.name, party.handle) == ("Paylap", "Asha", "asha")
    assert case.messages.earliest("pk").author_name == said.author_name == "Asha"


@pytest.mark.parametrize("was_pending", [False, True])
@pytest.mark.parametrize("then", ["keep", "wait", "resolve"])
def test_a_reply_taken_back_leaves_every_clock_exactly_as_it_was(was_pending, then):
    a_promise()
    a_promise(kind="RESOLUTION", duration=timedelta(hours=8))
    agent = an_agent()
    case, recovered = a_case(assignee=agent), a_disposition()
    said = {"reference": case.reference, "by": agent, "undo": UNDO}

    with acting(Actor.staff(agent)):
        if was_pending:
            reply(**said, text="Which device?", now=MONDAY_9AM, is_pending=True)
        before = list(case.clocks.order_by("pk").values())
        sent = reply(
            **said,
            text="Done.",
            now=LATER,
            is_pending=then == "wait",
            disposition=recovered if then == "resolve" else None,
        )
        take_back_reply(message_id=sent.pk, by=agent, now=LATER + timedelta(seconds=2))

    case.refresh_from_db()
    assert case.status == ("PENDING" if was_pending else "OPEN")
    assert list(case.clocks.order_by("pk").values()) == before


def test_pending_holds_the_clocks_until_the_requester_answers():
    a_promise(kind="RESOLUTION", duration=timedelta(hours=8))
    agent = an_agent()
    case = a_case(assignee=agent)

    reply(
        reference=case.reference, by=agent, text="Which device?", now=LATER, undo=UNDO,
        is_pending=True,
    )  # fmt: skip
    assert Clock.objects.get().deadline_at is None
    receive_message(
        case_id=case.pk, channel="EMAIL", text="My phone", now=LATER + timedelta(hours=10)
    )

    case.refresh_from_db()
    assert case.status == Case.Status.OPEN
    assert Clock.objects.get().deadline_at == MONDAY_9AM + timedelta(hours=18)


def test_an_escalation_goes_to_tier_2_and_comes_back_with_its_verdict():
    agent, specialist = at_work(an_agent()), a_specialist()
    case = a_case(assignee=agent)

    with acting(Actor.staff(agent)):
        escalate_case(reference=case.reference, by=agent, why="Payouts", tried="Link", now=LATER)
        with pytest.raises(access.NotYoursToChange):
            reply(reference=case.reference, by=agent, text="Hi", now=LATER, undo=UNDO)
    with acting(Actor.staff(specialist)):
        taken = take_next_case(by=specialist, now=LATER)
        return_escalation(
            reference=taken.reference,
            by=specialist,
            verdict="AVOIDABLE",
            note="Send the recovery link.",
            now=LATER,
        )

    with acting(Actor.staff(agent)):
        case = access.case_to_change(reference=case.reference, by=agent)
        assert (case.tier, case.assignee_id, case.status) == (1, agent.pk, "OPEN")
        assert case.escalations.get().verdict == "AVOIDABLE"


def test_another_vendors_agent_finds_nothing_where_ours_finds_the_case():
    ours, theirs = an_agent(), an_agent(vendor=a_vendor("melati"))
    case = a_case(vendor=ours.vendor)

    for agent, visible in [(ours, 1), (theirs, 0)]:
        with acting(Actor.staff(agent)):
            assert Case.objects.filter(pk=case.pk).count() == visible
            assert Message.objects.filter(case_id=case.pk).count() == visible
            assert ledger.timeline(case.pk).count() == visible
    with acting(Actor.staff(theirs)), pytest.raises(access.CaseNotVisible):
        access.case_to_read(reference=case.reference, by=theirs)


def test_a_vendor_agent_may_not_query_contact_details():
    from django.db import ProgrammingError, transaction

    agent, specialist = an_agent(), a_specialist()
    case = a_case(vendor=agent.vendor)

    with acting(Actor.staff(specialist)):
        assert PartyContact.objects.get(party__case=case).email == "asha@example.com"
    refused = pytest.raises(ProgrammingError, match="permission denied")
    with acting(Actor.staff(agent)), refused, transaction.atomic():
        PartyContact.objects.filter(party__case=case).first()


def test_a_drawn_reference_that_another_case_has_is_drawn_again(monkeypatch):
    drawn = iter([7, 7, 8])
    monkeypatch.setattr(
        "caseward.casework.services.opening.secrets.randbits", lambda _: next(drawn)
    )

    first, second = a_case(), a_case()

    assert (first.reference, second.reference) == (reference_from(7), reference_from(8))


def test_a_reference_asked_for_is_never_given_twice():
    a_case(reference=reference_from(9))

    with pytest.raises(ReferenceTaken):
        a_case(reference=reference_from(9))

    assert Case.objects.count() == 1
