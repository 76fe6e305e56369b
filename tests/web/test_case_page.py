"""The case page and its verbs, as the desk's people use them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework.models import Case, Draft, Link, Message, Outgoing
from caseward.casework.services import (
    escalate_case,
    link_cases,
    receive_message,
    reply,
    set_tags,
)
from caseward.casework.services.drafting import keep_draft
from caseward.ledger import queries as ledger
from caseward.org.catalogue import look_again
from caseward.org.models import StaffMember
from caseward.policy.models import EscalationTemplate, MacroVersion
from tests.builders import (
    a_case,
    a_disposition,
    a_macro,
    a_promise,
    a_queue,
    a_reason,
    a_regional_lead,
    a_specialist,
    a_team_leader,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> StaffMember:
    a_promise()
    a_promise(kind="RESOLUTION", duration=timedelta(days=2))
    a_reason()
    a_disposition()
    return an_agent()


def desk_of(person: StaffMember) -> Client:
    client = Client()
    client.force_login(person)
    return client


def a_fresh_case(**fields) -> Case:
    return a_case(opened_at=timezone.now() - timedelta(minutes=30), **fields)


def shown(answer) -> str:
    return answer.content.decode()


def test_the_page_shows_messages_promises_people_and_timeline(agent):
    a_macro(lob=None, en="Hello {requester_name}, about {reference}: {what}")
    case = a_fresh_case(assignee=agent)

    page = desk_of(agent).get(f"/desk/case/{case.reference}").content.decode()

    assert "I cannot sign in since yesterday." in page
    assert "First response" in page
    assert "a•••@e•••.com" in page
    assert "asha@example.com" not in page
    assert "Case opened" in page
    assert f"Hello Asha, about {case.reference}: <mark>{{what}}</mark>" in page


def test_a_promise_in_days_of_a_market_says_so(agent):
    days = timedelta(days=3)
    a_promise("NEXT_RESPONSE", duration=days, measured="BUSINESS_DAYS", market="MY")
    case = a_fresh_case(assignee=agent)
    now = timezone.now()
    reply(reference=case.reference, by=agent, text="Here you are.", now=now, undo=timedelta(0))
    receive_message(case_id=case.pk, channel="EMAIL", text="And now?", now=now)

    page = desk_of(agent).get(f"/desk/case/{case.reference}").content.decode()

    assert "3 business days, MY" in page


def test_a_colleague_of_the_other_vendor_finds_nothing_where_ours_finds_the_case(agent):
    theirs = an_agent(vendor=a_vendor("melati"))
    case = a_fresh_case(vendor=agent.vendor)

    answers = {
        person: desk_of(person).get(f"/desk/case/{case.reference}").status_code
        for person in (agent, theirs)
    }

    assert answers == {agent: 200, theirs: 404}


def test_the_page_costs_the_same_with_few_and_many_messages(agent, django_assert_max_num_queries):
    case = a_fresh_case(assignee=agent)
    desk = desk_of(agent)

    def answer(times: int) -> None:
        for number in range(times):
            reply(
                reference=case.reference,
                by=agent,
                text=f"Answer {number}",
                now=timezone.now(),
                undo=timedelta(0),
            )

    answer(1)
    desk.get(f"/desk/case/{case.reference}")  # fills what is kept in memory
    with django_assert_max_num_queries(37) as few:
        desk.get(f"/desk/case/{case.reference}")
    answer(30)
    with django_assert_max_num_queries(37) as many:
        desk.get(f"/desk/case/{case.reference}")

    assert len(many) == len(few)


def test_a_reply_is_sent_pending_and_taken_back(agent):
    case = a_fresh_case(assignee=agent)
    desk = desk_of(agent)

    answer = desk.post(
        f"/desk/case/{case.reference}/reply",
        {"text": "Which device?", "then": "PENDING", "kind": "REPLY"},
        headers={"HX-Request": "true"},
    )

    case.refresh_from_db()
    sent = Message.objects.get(case=case, direction="OUTBOUND")
    assert answer.status_code == 200
    assert "data-undo-until" in answer.content.decode()
    assert case.status == Case.Status.PENDING

    desk.post(f"/desk/case/{case.reference}/take-back/{sent.pk}")

    case.refresh_from_db()
    assert case.status == Case.Status.OPEN
    assert not Outgoing.objects.filter(case=case, kind="REPLY").exists()
    assert Draft.objects.get(case=case).text == "Which device?"


def test_a_reply_written_before_somebody_else_acted_is_kept_and_not_sent(agent):
    case = a_fresh_case(assignee=agent)
    leader = a_team_leader()
    desk_of(leader).post(f"/desk/case/{case.reference}/reply", {"text": "Look", "then": "NOTE"})

    answer = desk_of(agent).post(
        f"/desk/case/{case.reference}/reply", {"text": "My answer", "then": "STAY", "seen": "1"}
    )

    assert answer.status_code == 409
    assert "Somebody else changed this case while you wrote (Note added)" in (
        answer.content.decode()
    )
    assert "My answer" in answer.content.decode()
    assert not Outgoing.objects.filter(case=case, kind="REPLY").exists()


def test_words_still_to_be_filled_in_are_not_sent(agent):
    case = a_fresh_case(assignee=agent)

    answer = desk_of(agent).post(
        f"/desk/case/{case.reference}/reply", {"text": "Send {what} please", "then": "STAY"}
    )

    assert "Fill in {what} before you send this." in answer.content.decode()
    assert not Message.objects.filter(case=case, direction="OUTBOUND").exists()


@pytest.mark.parametrize("kind", ["REPLY", "NOTE"])
def test_what_is_too_long_to_read_is_kept_and_not_sent(agent, kind):
    case = a_fresh_case(assignee=agent)
    said = {"text": "x" * 20_001, "then": "STAY", "kind": kind}

    answer = desk_of(agent).post(f"/desk/case/{case.reference}/reply", said)

    assert "This has 20,001 characters, and 20,000 is the most." in answer.content.decode()
    assert not Message.objects.filter(case=case, author_id=agent.pk).exists()
    draft = Draft.objects.get(case=case, staff=agent)
    assert (len(draft.text), draft.is_note) == (20_001, kind == "NOTE")


def test_a_long_message_is_folded_and_whole(agent):
    case = a_fresh_case(assignee=agent, text="A long story. " * 400)

    html = desk_of(agent).get(f"/desk/case/{case.reference}").content.decode()

    folded = html.partition('<details class="message__long">')[2].partition("</details>")[0]
    assert "5600 characters" in folded
    assert ("A long story. " * 400).strip() in folded


def test_an_answer_begun_before_the_case_went_up_says_that_a_note_stays_inside(agent):
    case = a_fresh_case(assignee=agent)
    keep_draft(case=case, staff=agent, text="Dear Asha", now=timezone.now())
    address, warning = f"/desk/case/{case.reference}", "You began this as an answer"

    assert warning not in desk_of(agent).get(address).content.decode()
    escalate_case(reference=case.reference, by=agent, why="Proof", tried="Mail", now=timezone.now())
    assert warning in desk_of(agent).get(address).content.decode()


def test_an_answer_that_tells_of_a_report_is_kept_and_not_sent(agent):
    case = a_fresh_case(assignee=agent)
    text = "We reported this to the police."

    page = desk_of(agent).post(f"/desk/case/{case.reference}/reply", {"text": text})

    assert page.status_code == 409
    assert "This answer tells of a report to an authority. Nothing was sent." in shown(page)
    assert text in shown(page)
    assert not Message.objects.filter(direction="OUTBOUND").exists()


def test_a_macro_that_escalates_leaves_the_facts_tier_2_asks_for_to_a_person(agent):
    case, macro = a_fresh_case(assignee=agent), a_macro(en="A specialist looks at it.")
    MacroVersion.objects.filter(macro=macro).update(actions={"escalate_why": "Payouts"})
    handle = {"key": "handle", "kind": "text", "required": True, "labels": {"en": "Account"}}
    EscalationTemplate.objects.create(lob=case.lob, facts=[handle])
    look_again()
    said = {"text": "A specialist looks at it.", "macros": f"{macro.versions.get().pk}-en"}

    page = desk_of(agent).post(f"/desk/case/{case.reference}/reply", said)

    assert "Tier 2 asks for facts that nobody gave. Nothing was changed." in shown(page)
    assert not Message.objects.filter(direction="OUTBOUND").exists()
    assert not case.escalations.exists()


def test_resolving_by_the_dialog_and_sending_with_a_disposition(agent):
    asked, answered = a_fresh_case(assignee=agent), a_fresh_case(assignee=agent)
    desk = desk_of(agent)

    desk.post(f"/desk/case/{asked.reference}/resolve", {"disposition": a_disposition().pk})
    desk.post(
        f"/desk/case/{answered.reference}/reply",
        {"text": "Done.", "then": "RESOLVE", "disposition": "recovered"},
    )

    assert set(Case.objects.values_list("status", flat=True)) == {"RESOLVED"}


def test_every_dialog_is_a_page_without_a_script(agent):
    case = a_fresh_case(assignee=agent)
    desk = desk_of(agent)

    for act in ("transfer", "escalate", "resolve", "assign", "priority", "reason", "merge", "link"):
        page = desk.get(f"/desk/case/{case.reference}/{act}")
        assert page.status_code == 200
        assert f'action="/desk/case/{case.reference}/{act}"' in page.content.decode()


def test_tier_1_escalates_and_sees_the_verdict_of_tier_2(agent):
    specialist = a_specialist()
    case = a_fresh_case(assignee=agent)
    tier_1, tier_2 = desk_of(agent), desk_of(specialist)

    tier_1.post(
        f"/desk/case/{case.reference}/escalate", {"why": "Payouts stopped", "tried": "Link\nLock"}
    )
    assert "Accept" in tier_2.get(f"/desk/case/{case.reference}").content.decode()
    assert "Accept the escalation" not in (
        tier_1.get(f"/desk/case/{case.reference}").content.decode()
    )
    tier_2.post(f"/desk/case/{case.reference}/accept")
    tier_2.post(
        f"/desk/case/{case.reference}/return",
        {"verdict": "AVOIDABLE", "quality": "COMPLETE", "note": "Use the macro."},
    )

    page = tier_1.get(f"/desk/case/{case.reference}").content.decode()
    assert "Use the macro." in page
    assert "Avoidable" in page
    assert "In-house specialist" in page
    assert specialist.name not in page


def test_a_returned_escalation_needs_words_for_tier_1(agent):
    specialist = a_specialist()
    case = a_fresh_case(assignee=agent)
    escalate_case(reference=case.reference, by=agent, why="Why", tried="This", now=timezone.now())

    answer = desk_of(specialist).post(
        f"/desk/case/{case.reference}/return", {"verdict": "AVOIDABLE", "note": ""}
    )

    assert answer.status_code == 422
    case.refresh_from_db()
    assert case.tier == 2


def test_in_house_staff_see_contact_details_for_a_reason_and_vendor_staff_never(agent):
    leader = a_team_leader()
    case = a_fresh_case(assignee=agent)
    asked = {"part": "REQUESTER", "why": "Call back about the threat"}

    shown = desk_of(leader).post(f"/desk/case/{case.reference}/contact", asked)
    refused = desk_of(agent).post(f"/desk/case/{case.reference}/contact", asked)

    assert "asha@example.com" in shown.content.decode()
    assert refused.status_code == 404
    assert "Contact details shown" in (
        desk_of(leader).get(f"/desk/case/{case.reference}").content.decode()
    )
    assert "Contact details shown" not in (
        desk_of(agent).get(f"/desk/case/{case.reference}").content.decode()
    )


def test_the_html_of_a_mail_is_harmless_and_masked_for_a_vendor(agent):
    leader = a_team_leader()
    html = '<p onclick="x()">Mail asha@example.com</p><script>alert(1)</script><img src="https://t.example/p.gif">'
    case = a_fresh_case(assignee=agent, html=html)
    url = f"/desk/message/{case.messages.get().pk}/html"

    for person, address in [(agent, "a•••@e•••.com"), (leader, "asha@example.com")]:
        page = desk_of(person).get(url).content.decode()
        assert address in page
        assert "alert(1)" not in page
        assert "onclick" not in page
        assert "t.example" not in page


def test_two_people_on_one_case_see_each_other(agent):
    leader = a_team_leader()
    case = a_fresh_case(assignee=agent)

    desk_of(leader).post(f"/desk/case/{case.reference}/presence", {"typing": "1"})
    seen_by_agent = desk_of(agent).post(f"/desk/case/{case.reference}/presence").content.decode()
    seen_by_leader = desk_of(leader).post(f"/desk/case/{case.reference}/presence").content.decode()

    assert "A colleague in-house is writing" in seen_by_agent
    assert f"{agent.name} is here too" in seen_by_leader


def test_what_is_no_tag_is_said_where_it_was_typed(agent):
    case = a_case(assignee=agent, tags=["kept! from before"])
    desk, path = desk_of(agent), f"/desk/case/{case.reference}/tag"

    in_place = desk.post(path, {"tag": "wave!!"}, headers={"HX-Request": "true"})
    on_a_page = desk.post(path, {"tag": "wave!!"}, follow=True)
    desk.post(path, {"tag": "Badge wave"})

    sentence = "“wave!!” cannot be a tag. Use letters, digits and hyphens only, 40 at most."
    assert sentence in in_place.content.decode()
    assert sentence in on_a_page.content.decode()
    case.refresh_from_db()
    assert case.tags == ["kept! from before", "badge-wave"]


def test_tags_links_priority_and_merge_by_hand(agent):
    case, other = a_fresh_case(assignee=agent), a_fresh_case(assignee=agent)
    desk = desk_of(agent)

    desk.post(f"/desk/case/{case.reference}/tag", {"tag": " Sim-Swap "})
    desk.post(f"/desk/case/{case.reference}/link", {"other": other.reference.lower(), "note": ""})
    desk.post(f"/desk/case/{case.reference}/priority", {"priority": "1"})
    desk.post(f"/desk/case/{case.reference}/merge", {"other": other.reference})

    case.refresh_from_db()
    assert (case.tags, case.priority, case.merged_into_id) == (["sim-swap"], 1, other.pk)
    page = desk.get(f"/desk/case/{other.reference}").content.decode()
    assert "Duplicate of this" in page

    desk.post(f"/desk/case/{case.reference}/unmerge")
    case.refresh_from_db()
    assert (case.merged_into_id, case.status) == (None, "OPEN")


def test_a_script_is_given_a_dialog_where_others_get_a_page(agent):
    case, desk = a_fresh_case(assignee=agent), desk_of(agent)
    address = f"/desk/case/{case.reference}/priority"

    dialog = desk.get(address, headers={"HX-Request": "true"}).content.decode()

    assert dialog.lstrip().startswith("<dialog")
    assert "<html" in desk.get(address).content.decode()


def test_a_team_leader_hands_a_case_from_one_agent_to_another(agent):
    colleague, lead = an_agent(agent.vendor), a_team_leader()
    case, desk = a_fresh_case(assignee=agent), desk_of(lead)
    address = f"/desk/case/{case.reference}/assign"
    assert colleague.name in desk.get(address).content.decode()

    desk.post(address, {"to": colleague.pk})

    case.refresh_from_db()
    assert case.assignee == colleague


def test_an_agent_cannot_hand_on_a_colleagues_case(agent):
    colleague, third = an_agent(agent.vendor), an_agent(agent.vendor)
    case = a_fresh_case(assignee=colleague)

    desk_of(agent).post(f"/desk/case/{case.reference}/assign", {"to": third.pk})

    case.refresh_from_db()
    assert case.assignee == colleague


def test_a_team_leader_transfers_anybodys_case_to_another_language(agent):
    a_queue(1, agent.vendor, agent.skills.first().lob, "hi")
    case = a_fresh_case(assignee=agent)

    answer = desk_of(a_team_leader()).post(
        f"/desk/case/{case.reference}/transfer",
        {"lob": case.lob_id, "language": "hi", "why": "The requester writes Hindi"},
    )

    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.language, case.assignee) == ("hi", None)


MOVES = {
    "assign": lambda case, ben: {"to": ben.pk},
    "transfer": lambda case, ben: {"lob": case.lob_id, "language": "hi", "why": "It is Hindi"},
    "priority": lambda case, ben: {"priority": 1},
}


@pytest.mark.parametrize("move", MOVES)
def test_of_two_leads_who_change_one_case_the_second_is_told_what_the_first_did(agent, move):
    lob = agent.skills.get().lob
    a_queue(1, agent.vendor, lob, "hi")
    ben, case = an_agent(), a_fresh_case(assignee=agent)
    seen = ledger.last_number(case.pk)
    set_tags(reference=case.reference, by=a_team_leader(), tags=["press"], now=timezone.now())

    answer = desk_of(a_regional_lead()).post(
        f"/desk/case/{case.reference}/{move}", {**MOVES[move](case, ben), "seen": seen}
    )

    assert answer.status_code == 422
    assert (
        "Somebody else changed this case while you wrote (Tags changed)." in answer.content.decode()
    )
    left = Case.objects.get(pk=case.pk)
    assert (left.assignee, left.language, left.priority) == (agent, "en", case.priority)


def test_only_an_own_reply_that_has_not_left_can_be_undone(agent):
    case = a_fresh_case(assignee=agent)
    reply(
        reference=case.reference, by=agent, text="One moment.", now=timezone.now(),
        undo=timedelta(seconds=60), seen=None,
    )  # fmt: skip
    address = f"/desk/case/{case.reference}"

    assert "take-back" in desk_of(agent).get(address).content.decode()
    assert "take-back" not in desk_of(a_team_leader()).get(address).content.decode()
    Outgoing.objects.filter(case=case, kind="REPLY").update(state="SENT", sent_at=timezone.now())
    assert "take-back" not in desk_of(agent).get(address).content.decode()


@pytest.mark.parametrize("is_seen_from_the_other", [False, True])
def test_a_link_is_undone_from_either_case(agent, is_seen_from_the_other):
    first, second = a_case(assignee=agent), a_case(assignee=agent)
    link_cases(reference=first.reference, other=second.reference, by=agent, now=timezone.now())
    here, there = (second, first) if is_seen_from_the_other else (first, second)
    desk, address = desk_of(agent), f"/desk/case/{here.reference}"
    assert f"Unlink {there.reference}" in desk.get(address).content.decode()

    answer = desk.post(f"{address}/unlink", {"other": there.reference}, follow=True)

    assert "The two cases are no longer linked." in answer.content.decode()
    assert not Link.objects.exists()


def test_what_is_wrong_with_a_message_is_said_once(agent):
    case = a_case(assignee=agent)
    problem = "No program could read this mail."
    Message.objects.filter(case=case).update(text="", problem=problem)

    page = desk_of(agent).get(f"/desk/case/{case.reference}").content.decode()

    assert page.count(problem) == 1
