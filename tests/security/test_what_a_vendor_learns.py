"""What reaches a vendor's screen beside the case itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from caseward.api.services import give_token
from caseward.casework.models import Case, HelpRequest, Outgoing
from caseward.casework.services import (
    add_note,
    assign_case,
    escalate_case,
    merge_case,
    receive_message,
    reply,
    return_escalation,
    take_case,
)
from caseward.casework.services.assigning.moving import put_into_queue
from caseward.casework.services.helping import ask_for_help
from caseward.casework.services.opening import Person
from caseward.channels import links
from caseward.channels.email import outbox
from caseward.channels.email.writing import write
from caseward.ledger.models import Event
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import look_again
from caseward.org.models import Team
from tests.builders import a_case, a_mailbox, a_queue, a_team_leader, a_vendor
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db


def told_by_the_api(client, person, case):
    token = give_token(person, now=timezone.now())
    path = f"/api/v1/cases/{case.reference}"
    return client.get(path, headers={"authorization": f"Bearer {token}"})


def test_names_of_in_house_people_stay_in_house(client, people, an_hour_ago):
    agent, specialist = people.agent, people.specialist
    case = a_case(assignee=agent, opened_at=an_hour_ago)
    now = timezone.now()
    escalate_case(reference=case.reference, by=agent, why="Payouts", tried="Link", now=now)
    take_case(reference=case.reference, by=specialist, now=now)
    reply(reference=case.reference, by=specialist, text="Hm.", now=now, undo=timedelta())

    for person, knows in [(agent, False), (specialist, True)]:
        page = browser_of(person).get(f"/desk/case/{case.reference}").content.decode()
        assert ("Nandini" in page) is knows, person.role
        told = told_by_the_api(client, person, case).content.decode()
        assert ("Nandini" in told) is knows, person.role
        assert "Asha Verma" in told, person.role
        assert ("In-house specialist" in told) is not knows, person.role


def test_a_vendors_people_are_named_to_their_own(client, people, an_hour_ago):
    case = a_case(assignee=people.agent, opened_at=an_hour_ago)
    assign_case(reference=case.reference, to=people.colleague, by=people.agent, now=timezone.now())

    page = browser_of(people.agent).get(f"/desk/case/{case.reference}").content.decode()

    assert f"Given to {people.colleague.name}" in page


def test_a_case_that_overflows_to_another_vendor_names_nobody_it_came_from(
    client, people, an_hour_ago
):
    case = a_case(assignee=people.agent, opened_at=an_hour_ago)
    named = {"reference": case.reference, "now": timezone.now()}
    reply(by=people.agent, text="Which account?", undo=timedelta(), is_pending=True, **named)
    add_note(by=people.agent, text="Called back.", **named)
    escalate_case(by=people.agent, why="Payouts", tried="Link", **named)
    return_escalation(by=people.specialist, verdict="NEEDED", note="Ask again", **named)
    there = a_queue(1, people.stranger.vendor, case.lob)
    case.refresh_from_db()
    put_into_queue(case, there, by=None, why="OVERFLOW", now=timezone.now())

    desk, path = browser_of(people.stranger), f"/desk/case/{case.reference}"
    for address in (path, f"{path}/why", f"{path}/changes", "/desk/queues/"):
        answer = desk.get(address)
        assert answer.status_code in {200, 404}, address
        for name in ("Asha Verma", "Nandini"):
            assert name not in answer.content.decode(), (address, name)
    assert "Called back." in desk.get(path).content.decode()
    told = told_by_the_api(client, people.stranger, case).content.decode()
    assert "Asha Verma" not in told
    assert "Called back." in told or "Which account?" in told


def test_who_leads_a_team_of_a_vendor_is_named_to_its_people_only(people, an_hour_ago):
    boss = a_team_leader(name="Meera Iyer")
    Team.objects.filter(pk=people.agent.team_id).update(leader=boss)
    look_again()
    case = a_case(assignee=people.agent, opened_at=an_hour_ago)
    theirs = a_case(assignee=people.stranger, vendor=people.stranger.vendor, opened_at=an_hour_ago)
    for read in (case, theirs):
        add_note(reference=read.reference, by=boss, text="Mine now.", now=timezone.now())
        Case.objects.filter(pk=read.pk).update(assignee=boss)

    for person, read, knows in [(people.agent, case, True), (people.stranger, theirs, False)]:
        desk, path = browser_of(person), f"/desk/case/{read.reference}"
        browser_of(boss).post(f"{path}/presence", {"typing": "1"})
        page = desk.get(path).content.decode()
        assert ("Meera Iyer" in page) is knows
        assert ("In-house specialist" in page) is not knows
        there = desk.post(f"{path}/presence").content.decode()
        assert ("Meera Iyer is writing" in there) is knows
        assert ("A colleague in-house is writing" in there) is not knows


@pytest.mark.parametrize("person", [Person(name="asha@example.com"), Person(handle="98765 43210")])
def test_a_name_that_is_a_contact_detail_is_masked(client, people, an_hour_ago, person):
    case = a_case(assignee=people.agent, opened_at=an_hour_ago, people=[person])
    receive_message(
        case_id=case.pk, channel="EMAIL", text="More", author_name=person.name, now=timezone.now()
    )

    page = browser_of(people.agent).get(f"/desk/case/{case.reference}").content.decode()
    told = told_by_the_api(client, people.agent, case).content.decode()

    for text in (page, told):
        assert "asha@example.com" not in text
        assert "43210" not in text


def test_a_masked_name_is_not_written_into_mail(people):
    a_mailbox()
    people_of_case = [Person(name="asha@example.com", email="asha@example.com")]
    case = a_case(people=people_of_case)

    mail = write(Outgoing.objects.get(case=case), now=timezone.now())

    assert b"To: asha@example.com\r\n" in mail.content


def test_what_a_mail_server_says_about_an_address_is_masked(people):
    case = a_case(assignee=people.agent)
    outgoing = Outgoing.objects.get(case=case)

    outbox.note_failed(outgoing, why="550 <asha@example.com> is unknown", now=timezone.now())

    page = browser_of(people.agent).get(f"/desk/case/{case.reference}").content.decode()
    outgoing.refresh_from_db()
    assert "asha@example.com" not in page + outgoing.problem
    assert "is unknown" in outgoing.problem


def test_a_case_merged_into_another_vendors_names_no_case_and_fails_nowhere(client, people):
    case, other = a_case(assignee=people.agent), a_case(vendor=a_vendor("melati"))
    now = timezone.now()
    merge_case(reference=case.reference, into=other.reference, by=people.leader, now=now)

    for person, reads in [(people.agent, None), (people.leader, other.reference)]:
        answer = told_by_the_api(client, person, case)
        assert (answer.status_code, answer.json()["merged_into"]) == (200, reads)
        assert browser_of(person).get(f"/desk/case/{case.reference}").status_code == 200
    undone = browser_of(people.agent).post(f"/desk/case/{case.reference}/unmerge")
    assert undone.status_code == 302
    assert Case.objects.get(pk=case.pk).merged_into_id == other.pk


def test_nobody_at_the_desk_gets_the_requesters_own_link(people, an_hour_ago):
    """It would let an agent rate their own work, and outlive their employment."""
    a_mailbox()
    case = a_case(assignee=people.agent, opened_at=an_hour_ago)
    desk, sent = browser_of(people.agent), {"text": "See {status_url} please", "then": "STAY"}
    path = f"/desk/case/{case.reference}"

    previewed = desk.post(f"{path}/preview", sent).content.decode()
    assert desk.post(f"{path}/reply", sent).status_code == 302
    page = desk.get(path).content.decode()

    for text in (previewed, page):
        assert "/status/" in text
        assert f"{case.reference}~" not in text
    reply_row = Outgoing.objects.get(case=case, kind="REPLY")
    mail = write(reply_row, now=timezone.now()).content.decode().replace("=\r\n", "")
    assert mail.count(f"/status/{case.reference}~") >= 2  # in the text itself and in the footer


def test_a_link_that_a_requester_quotes_is_hidden(people, an_hour_ago):
    case = a_case(assignee=people.agent, opened_at=an_hour_ago)
    said = f"Rated: {links.survey_url(case.reference, 5)} and {links.status_url(case.reference)}!"

    receive_message(
        case_id=case.pk, channel="EMAIL", text=said, quoted=f"> {said}", html=f"<p>{said}</p>",
        now=timezone.now(),
    )  # fmt: skip
    message = case.messages.latest("pk")
    desk = browser_of(people.agent)
    page = desk.get(f"/desk/case/{case.reference}").content.decode()
    as_sent = desk.get(f"/desk/message/{message.pk}/html").content.decode()

    for text in (message.text, message.quoted, page, as_sent):
        assert f"{case.reference}~" not in text


def test_what_people_in_house_ask_each_other_stays_in_house(people, an_hour_ago):
    case, now = a_case(assignee=people.agent, opened_at=an_hour_ago), timezone.now()
    for by, to, question in [
        (people.leader, people.specialist, "Shall we report this one?"),
        (people.agent, people.colleague, "Is this bill real?"),
    ]:
        ask_for_help(reference=case.reference, by=by, to=to, question=question, now=now)

    for person, knows in [(people.agent, False), (people.leader, True)]:
        page = browser_of(person).get(f"/desk/case/{case.reference}").content.decode()
        assert ("Shall we report" in page) is knows
        assert "Is this bill real?" in page
        with acting(Actor.staff(person)):
            assert HelpRequest.objects.filter(question__contains="report").exists() is knows
            asked = Event.objects.filter(case_id=case.pk, kind="help.asked")
            assert asked.count() == (2 if knows else 1)
