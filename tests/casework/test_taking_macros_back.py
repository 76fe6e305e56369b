"""An answer taken back takes back what its macros did, as long as nothing happened since."""

from datetime import timedelta

import pytest

from caseward.casework.services import TooLate, set_tags, take_back_reply
from caseward.casework.services.macros import ChosenMacro, reply_with_macros
from caseward.ledger import queries as ledger
from caseward.org.acting import Actor, acting
from tests.builders import MONDAY_9AM, a_case, a_macro, a_promise, a_reason, an_agent

pytestmark = pytest.mark.django_db
SECONDS = timedelta(seconds=1)


@pytest.fixture
def answered():
    """A tagged case without a reason, answered with a macro that sorts it otherwise."""
    a_promise()
    a_promise(priority=1, duration=timedelta(hours=1))
    hijacked, agent = a_reason(key="hijacked"), an_agent()
    case = a_case(assignee=agent, tags=["old"])
    macro = a_macro(lob=case.lob)
    macro.versions.update(actions={"add_tags": ["new"], "priority": 1, "reason": hijacked.key})
    chosen = ChosenMacro(macro.versions.get(), "en", "Hello")
    clocks = list(case.clocks.order_by("pk").values("deadline_at", "warns_at"))
    with acting(Actor.staff(agent)):
        sent = reply_with_macros(
            reference=case.reference, by=agent, text="Hello", now=MONDAY_9AM, undo=10 * SECONDS,
            macros=[chosen],
        )  # fmt: skip
    case.refresh_from_db()
    assert (case.tags, case.priority, case.reason) == (["old", "new"], 1, hijacked)
    return agent, case, sent, clocks


def take_back(agent, sent):
    with acting(Actor.staff(agent)):
        take_back_reply(message_id=sent.pk, by=agent, now=MONDAY_9AM + 2 * SECONDS)


def test_tags_priority_and_reason_are_as_they_were_and_so_are_the_clocks(answered):
    agent, case, sent, clocks = answered

    take_back(agent, sent)

    case.refresh_from_db()
    assert (case.tags, case.priority, case.reason) == (["old"], 3, None)
    assert list(case.clocks.order_by("pk").values("deadline_at", "warns_at")) == clocks
    kinds = [event.kind for event in ledger.timeline(case.pk)]
    assert kinds.count("case.tagged") == kinds.count("case.prioritised") == 2


def test_where_something_happened_since_nothing_is_taken_back(answered):
    agent, case, sent, _ = answered
    with acting(Actor.staff(agent)):
        set_tags(reference=case.reference, by=agent, tags=["mine"], now=MONDAY_9AM + SECONDS)

    with pytest.raises(TooLate):
        take_back(agent, sent)

    case.refresh_from_db()
    assert (case.tags, case.priority) == (["mine"], 1)
