"""Escalating on the pages: the template's questions, questions back, help, incidents."""

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework.models import (
    Case,
    Escalation,
    EscalationQuestion,
    Expert,
    HelpRequest,
    Incident,
    Message,
)
from caseward.casework.services import accept_escalation, escalate_case, lock_disclosure
from caseward.casework.services.incidents import open_incident
from caseward.org.catalogue import look_again
from caseward.policy.models import EscalationTemplate
from tests.builders import (
    a_case,
    a_lob,
    a_queue,
    a_specialist,
    a_team_leader,
    a_vendor,
    an_agent,
    at_work,
)

pytestmark = pytest.mark.django_db
HANDLE = {
    "key": "handle", "kind": "text", "required": True,
    "labels": {"en": "Which account?", "ms": "Akaun mana?"},
}  # fmt: skip
RAIL = {
    "key": "rail", "kind": "choice", "required": True, "labels": {"en": "Paid how?"},
    "choices": [{"key": "upi", "names": {"en": "By UPI"}}],
}  # fmt: skip


def desk_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


@pytest.fixture
def agent(db):
    return an_agent(name="Asha Verma")


@pytest.fixture
def case(agent):
    return a_case(assignee=agent, opened_at=timezone.now())


def escalated(case, agent):
    return escalate_case(
        reference=case.reference, by=agent, why="SIM swap", tried="Link", now=timezone.now()
    )


def test_the_form_asks_what_the_template_asks_and_keeps_what_was_typed(agent, case):
    EscalationTemplate.objects.create(lob=a_lob(), facts=[HANDLE, RAIL])
    look_again()
    desk, path = desk_of(agent), f"/desk/case/{case.reference}/escalate"
    said = {"why": "Money is gone", "tried": "Froze it", "to": "tier-2"}

    refused = desk.post(path, {**said, "fact_rail": "upi"})
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "Which account?" in page
    assert "Money is gone" in page
    assert 'value="upi" selected' in page
    assert not Escalation.objects.exists()
    desk.post(path, {**said, "fact_rail": "upi", "fact_handle": "@asha"})

    shown = desk_of(a_specialist()).get(f"/desk/case/{case.reference}").content.decode()
    assert Escalation.objects.get().facts == {"handle": "@asha", "rail": "upi"}
    assert "Which account?" in shown
    assert "By UPI" in shown


def test_facts_are_said_as_days_and_answers_of_the_reader(agent, case):
    asked = [
        {"key": "since", "kind": "date", "labels": {"en": "Since when?"}},
        {"key": "again", "kind": "yes_no", "labels": {"en": "Not for the first time?"}},
    ]
    EscalationTemplate.objects.create(lob=a_lob(), facts=asked)
    look_again()
    said = {"why": "Money is gone", "tried": "Froze it", "to": "tier-2"}
    desk_of(agent).post(
        f"/desk/case/{case.reference}/escalate",
        {**said, "fact_since": "2026-02-03", "fact_again": "yes"},
    )

    page = desk_of(a_specialist()).get(f"/desk/case/{case.reference}").content.decode()

    assert "<dt>Since when?</dt><dd>3 February 2026</dd>" in page
    assert "<dt>Not for the first time?</dt><dd>Yes</dd>" in page


def test_a_case_goes_to_an_expert_another_line_or_an_incident(agent):
    theo = a_specialist(name="Theo Lim")
    Expert.objects.create(key="sim", staff=theo, lob=a_lob(), topics={"en": "Stolen SIM cards"})
    a_queue(2, None, a_lob("age-support"))
    incident = open_incident(by=theo, title="Hijacks", lob=a_lob(), now=timezone.now())
    look_again()
    desk = desk_of(agent)

    ways = {
        "EXPERT": f"expert:{Expert.objects.get().pk}",
        "LOB": f"lob:{a_lob('age-support').pk}",
        "INCIDENT": f"incident:{incident.pk}",
    }
    for kind, to in ways.items():
        case = a_case(assignee=agent, opened_at=timezone.now())
        page = desk.get(f"/desk/case/{case.reference}/escalate").content.decode()
        assert to in page
        assert "Theo Lim" not in page
        desk.post(
            f"/desk/case/{case.reference}/escalate",
            {"why": "Please look", "tried": "All of it", "to": to},
        )
        assert case.escalations.get().kind == kind


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"why": "x" * 1_001}, "at most 1000 characters"),
        ({"tried": "b"}, "Say it in a few words"),
        ({"why": "..... ....."}, "Say it in a few words"),
    ],
)
def test_what_is_handed_up_has_a_length_that_somebody_reads(agent, case, said, words):
    desk, path = desk_of(agent), f"/desk/case/{case.reference}/escalate"
    sound = {"why": "Payouts stopped", "tried": "Reset link", "to": "tier-2"}

    answer = desk.post(path, {**sound, **said})

    page = answer.content.decode()
    assert answer.status_code == 422 and words in page
    assert all(text in page for text in {**sound, **said}.values())
    assert 'maxlength="1000"' in desk.get(path).content.decode()
    assert desk.post(path, sound).status_code == 302


def test_long_texts_of_an_escalation_are_folded(agent, case):
    escalate_case(
        reference=case.reference, by=agent, why="x" * 900, tried=f"Link\n{'y' * 900}",
        now=timezone.now(),
    )  # fmt: skip

    page = desk_of(a_specialist()).get(f"/desk/case/{case.reference}").content.decode()

    assert page.count('<details class="folded">') == 2
    assert "<span>Link</span>" in page.replace("\n", "")


def test_a_returned_case_says_first_why_and_what_to_do(agent, case):
    escalated(case, at_work(agent))
    theo = a_specialist(name="Theo Lim")
    said = {
        "verdict": "AVOIDABLE", "note": "Ask for the bill.", "quality": "INCOMPLETE",
        "quality_note": "The handle was missing.",
    }  # fmt: skip
    lacking = desk_of(theo).post(
        f"/desk/case/{case.reference}/return", {**said, "quality_note": ""}
    )
    assert "Say what was missing or wrong" in lacking.content.decode()
    desk_of(theo).post(f"/desk/case/{case.reference}/return", said)

    page = desk_of(agent).get(f"/desk/case/{case.reference}").content.decode()
    listed = desk_of(agent).get("/desk/escalated").content.decode()

    assert page.index("Returned to you") < page.index("Ask for the bill.") < page.index("SIM swap")
    assert "The handle was missing." in page
    assert "data-at-end" not in page.split("_conversation")[0].split("case__scroll")[1][:40]
    assert "Incomplete" in listed
    assert "The handle was missing." in listed
    assert "Theo Lim" not in page + listed


def test_tier_2_asks_back_and_the_raiser_answers_on_the_case(agent, case):
    escalated(case, agent)
    theo = a_specialist()
    accept_escalation(reference=case.reference, by=theo, now=timezone.now())
    path = f"/desk/case/{case.reference}"
    desk_of(theo).post(f"{path}/ask-back", {"text": "Which phone?"})
    question = EscalationQuestion.objects.get()

    mine = desk_of(agent).get(path).content.decode()
    colleagues = desk_of(an_agent()).get(path).content.decode()
    desk_of(agent).post(f"{path}/answer/{question.pk}", {"text": "The old one"})

    assert f"/answer/{question.pk}" in mine
    assert "Which phone?" in colleagues
    assert f"/answer/{question.pk}" not in colleagues
    assert "The old one" in desk_of(theo).get(path).content.decode()
    assert Case.objects.get(pk=case.pk).assignee == theo


def test_help_is_asked_of_a_group_and_answered_without_moving_the_case(agent, case):
    ana, ben = a_specialist(name="Ana Roy"), a_specialist(a_lob("age-support"))
    to = f"lob:{a_lob().pk}:en"
    desk_of(agent).post(
        f"/desk/case/{case.reference}/help", {"to": to, "question": "Is this bill real?"}
    )
    asked = HelpRequest.objects.get()

    assert "Is this bill real?" in desk_of(ana).get("/desk/help-wanted").content.decode()
    assert "Is this bill real?" not in desk_of(ben).get("/desk/help-wanted").content.decode()
    assert (
        desk_of(ben).post(f"/desk/help-wanted/{asked.pk}/answer", {"text": "x"}).status_code == 404
    )
    desk_of(ana).post(f"/desk/help-wanted/{asked.pk}/answer", {"text": "It is."})
    second = desk_of(ana).post(
        f"/desk/help-wanted/{asked.pk}/answer", {"text": "It is not."}, follow=True
    )

    page = desk_of(agent).get(f"/desk/case/{case.reference}").content.decode()
    assert "It is." in page
    assert "Ana Roy" not in page
    assert "Somebody answered this" in second.content.decode()
    assert Case.objects.get(pk=case.pk).assignee == agent
    assert Message.objects.filter(case=case, direction="NOTE").count() == 1


def test_who_is_asked_by_name_sees_the_case_until_it_is_answered(agent, case):
    helper = a_specialist(a_lob("age-support"))
    lead = a_team_leader()
    path = f"/desk/case/{case.reference}"
    assert desk_of(helper).get(path).status_code == 404

    desk_of(lead).post(f"{path}/help", {"to": f"staff:{helper.pk}", "question": "A child?"})
    assert desk_of(helper).get(path).status_code == 200
    assert desk_of(helper).post(f"{path}/resolve", {"disposition": "x"}).status_code == 422
    asked = HelpRequest.objects.get()
    desk_of(helper).post(f"/desk/help-wanted/{asked.pk}/answer", {"text": "Yes."})

    assert desk_of(helper).get(path).status_code == 404
    note = Message.objects.get(case=case, direction="NOTE")
    assert note.in_house_only


def test_no_vendor_gains_another_vendors_case_by_being_asked(agent, case):
    stranger = an_agent(vendor=a_vendor("melati"))
    colleague = an_agent(lob=a_lob("age-support"))
    path = f"/desk/case/{case.reference}"

    for to, status in [(stranger, 422), (colleague, 302)]:
        answer = desk_of(agent).post(f"{path}/help", {"to": f"staff:{to.pk}", "question": "?"})
        assert answer.status_code == status
    # Whatever else went wrong: a row that names another vendor's agent opens nothing.
    HelpRequest.objects.update(to_staff=stranger)
    assert desk_of(stranger).get(path).status_code == 404
    assert desk_of(stranger).get("/desk/help-wanted").content.decode().count(case.reference) == 0


def test_everybody_concerned_by_an_incident_is_told_in_their_language(agent):
    lead = a_team_leader()
    incident = open_incident(by=lead, title="Hijacks", lob=a_lob(), now=timezone.now())
    cases = [a_case(vendor=agent.vendor, email=f"a{n}@example.com") for n in range(2)]
    hindi = a_case(vendor=agent.vendor, language="hi", email="h@example.com")
    desk = desk_of(lead)
    for case in [*cases, hindi]:
        desk.post(f"/desk/incidents/{incident.pk}/add", {"reference": case.reference})

    desk.post(f"/desk/incidents/{incident.pk}/tell", {"text_en": "We know. Hold on."})
    desk.post(f"/desk/incidents/{incident.pk}/close", {"note": "Blocked"})
    page = desk.get(f"/desk/incidents/{incident.pk}").content.decode()

    told = Message.objects.filter(direction="OUTBOUND").values_list("case_id", flat=True)
    assert set(told) == {case.pk for case in cases}
    assert not Case.objects.filter(assignee=lead).exists()
    assert "Blocked" in page
    assert Incident.objects.get().closed_at
    desk.post(f"/desk/incidents/{incident.pk}/reopen")
    assert Incident.objects.get().closed_at is None


def test_what_may_not_be_answered_with_all_the_others_is_left_to_a_person(agent):
    lead = a_team_leader()
    incident = open_incident(by=lead, title="Hijacks", lob=a_lob(), now=timezone.now())
    free, silent = (a_case(email=f"b{n}@example.com") for n in range(2))
    desk, address = desk_of(lead), f"/desk/incidents/{incident.pk}"
    for case in (free, silent):
        desk.post(f"{address}/add", {"reference": case.reference})
    lock_disclosure(reference=silent.reference, by=lead, why="Section 29", now=timezone.now())

    page = desk.post(
        f"{address}/tell", {"text_en": "It was reported to the police."}, follow=True
    ).content.decode()

    told = Message.objects.filter(direction="OUTBOUND", text__startswith="It was reported")
    assert [message.case for message in told] == [free]
    assert "1 case may not be answered like this. Open it and answer by hand." in page


def test_tier_2_is_told_where_somebody_was_first_with_an_escalation(agent, case):
    escalated(case, agent)
    lead = desk_of(a_team_leader())
    lead.post(f"/desk/case/{case.reference}/settle", {"verdict": "NEEDED", "quality": "COMPLETE"})

    page = lead.post(f"/desk/case/{case.reference}/accept", follow=True).content.decode()

    assert "There is no escalation to answer here. Nothing was changed." in page


def test_incidents_are_opened_in_house_only(agent):
    assert desk_of(agent).get("/desk/incidents").status_code == 404
    desk = desk_of(a_specialist())
    refused = desk.post("/desk/incidents", {"title": " ", "lob": a_lob().pk})
    opened = desk.post("/desk/incidents", {"title": "Hijacks", "lob": a_lob().pk})

    assert (refused.status_code, opened.status_code) == (422, 302)
