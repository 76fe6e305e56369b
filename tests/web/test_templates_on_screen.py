"""Templates of escalations and notes: written by leads, seen by agents, taken back."""

import re

import pytest

from caseward.casework.models import Escalation, NoteTemplateUse
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import ConfigurationChange, Skill
from caseward.policy.models import EscalationTemplate, NoteTemplate
from tests.builders import (
    a_case,
    a_lob,
    a_reason,
    a_regional_lead,
    a_specialist,
    a_staff_member,
    a_team_leader,
    an_agent,
)
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db
NOTES = "/lead/templates"
ESCALATIONS = "/lead/templates/escalations"
LINE = f"{ESCALATIONS}/account-security"
HANDLE = {
    "key": "handle", "kind": "text", "required": True, "hints": {}, "choices": [],
    "labels": {"en": "Which account?", "ms": "Akaun mana?"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def line(db):
    return a_lob()


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def text_of(person, page):
    return browser_of(person).get(page).content.decode()


def ask(person, *facts, page=LINE, known=0, **more):
    """Write the questions of a line or reason; each fact is a dictionary of its fields."""
    browser = browser_of(person)
    seen = more.pop("seen", None) or seen_on(browser.get(page).content.decode())
    said = {"seen": seen, "facts-TOTAL_FORMS": len(facts), "facts-INITIAL_FORMS": known, **more}
    for place, fact in enumerate(facts):
        said |= {f"facts-{place}-{name}": value for name, value in {"kind": "text", **fact}.items()}
    return browser.post(page, said)


def escalate(agent, case, **facts):
    said = {"why": "Money is gone", "tried": "Froze it", "to": "tier-2"}
    said |= {f"fact_{key}": value for key, value in facts.items()}
    return browser_of(agent).post(f"/desk/case/{case.reference}/escalate", said)


def test_a_reason_gets_questions_of_its_own_in_several_languages():
    lead, reason = a_regional_lead(), a_reason()
    page = f"{LINE}/for/{reason.key}"
    choices = {"choices_en": "upi: By UPI\ncard: By card", "choices_ms": "upi: Dengan UPI"}

    answer = ask(
        lead,
        {"label_en": "Which account?", "label_ms": "Akaun mana?", "required": "on"},
        {"label_en": "Paid how?", "kind": "choice", **choices},
        page=page,
    )

    assert answer.status_code == 302
    first, second = EscalationTemplate.objects.get(reason=reason).facts
    assert first == {**HANDLE, "key": "which-account"}
    assert second["choices"][0] == {"key": "upi", "names": {"en": "By UPI", "ms": "Dengan UPI"}}
    agent = an_agent()
    case = a_case(assignee=agent, reason_id=reason.pk)
    assert "Which account?" in text_of(agent, f"/desk/case/{case.reference}/escalate")
    assert "<td>its own</td>" in text_of(lead, ESCALATIONS)


def test_a_preview_shows_the_agents_view_and_keeps_nothing():
    answer = ask(a_regional_lead(), {"label_en": "Since when?", "kind": "date"}, preview="1")

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Not kept yet" in page and 'type="date" name="since-when"' in page
    assert not EscalationTemplate.objects.exists()


def test_a_change_leaves_what_was_escalated_as_it_was_asked():
    agent, lead, specialist = an_agent(), a_regional_lead(), a_specialist()
    case = a_case(assignee=agent)
    EscalationTemplate.objects.create(lob=a_lob(), facts=[HANDLE])
    look_again()
    escalate(agent, case, handle="@asha")

    ask(lead, {"key": "other", "label_en": "Something else?"}, known=1)

    assert [fact["key"] for fact in EscalationTemplate.objects.get().facts] == ["other"]
    assert "<dt>Which account?</dt><dd>@asha</dd>" in text_of(
        specialist, f"/desk/case/{case.reference}"
    )


def test_a_form_opened_before_the_change_says_what_is_missing_and_loses_nothing():
    agent, lead = an_agent(), a_regional_lead()
    case = a_case(assignee=agent)
    ask(lead, {"key": "handle", "label_en": "Which account?", "required": "on"})

    answer = escalate(agent, case)

    page = answer.content.decode()
    assert answer.status_code == 422 and "Which account?" in page and "Money is gone" in page
    assert not Escalation.objects.exists()


def test_a_change_is_told_and_taken_back():
    lead = a_regional_lead()
    EscalationTemplate.objects.create(lob=a_lob(), facts=[HANDLE])
    ask(lead, {"key": "other", "label_en": "Something else?"}, known=1)

    browser_of(lead).post(f"/lead/changes/{ConfigurationChange.objects.get().pk}/undo")

    assert EscalationTemplate.objects.get().facts == [HANDLE]
    told = Event.objects.filter(kind="configuration.changed")
    assert {event.data["title"] for event in told} == {"Account Security"}


def test_a_reason_goes_back_to_the_questions_of_its_line():
    lead, reason = a_regional_lead(), a_reason()
    page = f"{LINE}/for/{reason.key}"
    ask(lead, {"label_en": "Which account?"}, page=page)

    browser_of(lead).post(f"{page}/remove", {"seen": seen_on(text_of(lead, page))})

    assert not EscalationTemplate.objects.get(reason=reason).is_active
    assert "<td>its own</td>" not in text_of(lead, ESCALATIONS)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ([{"label_en": ""}], "This field is required"),
        ([{"label_en": "Paid how?", "kind": "choice"}], "Write at least one choice."),
        ([{"label_en": "How?", "kind": "choice", "choices_en": "UPI"}], "needs a key, a colon"),
        ([{"key": "a", "label_en": "A?"}, {"key": "a", "label_en": "B?"}], "have the key a"),
        ([{"label_en": "A?", "DELETE": "on"}], "Ask at least one fact"),
        (
            [{"label_en": "How?", "kind": "choice", "choices_en": "a: A", "choices_ms": "b: B"}],
            "There is no choice b in English",
        ),
    ],
)
def test_questions_nobody_could_answer_are_refused_where_they_are(facts, words):
    facts = [{"label_ms": "Apa?", **fact} for fact in facts]
    answer = ask(a_regional_lead(), *facts)

    assert answer.status_code == 422 and words in answer.content.decode()
    assert not EscalationTemplate.objects.exists()


def test_only_whoever_answers_for_the_line_changes_its_questions():
    lead, leader = a_regional_lead(), a_team_leader()
    seen = seen_on(text_of(lead, LINE))

    ask(leader, {"label_en": "Mine?"}, seen=seen)
    assert not EscalationTemplate.objects.exists()
    assert browser_of(leader).get(ESCALATIONS).status_code == 200
    assert browser_of(an_agent()).get(LINE).status_code == 404
    assert browser_of(a_specialist()).get(LINE).status_code == 404
    ask(lead, {"label_en": "Mine?"}, seen=seen)
    assert EscalationTemplate.objects.exists()


def write_note(person, page=f"{NOTES}/new-note", **said):
    browser = browser_of(person)
    seen = seen_on(browser.get(page).content.decode())
    return browser.post(page, {"line_of_business": "", "seen": seen, **said})


def test_a_note_template_is_written_by_a_team_leader_and_used_from_the_composer():
    leader, agent = a_team_leader(), an_agent()
    case = a_case(assignee=agent)

    answer = write_note(leader, title="Hand over", text_en="Done: {done}", text_ms="Siap: {done}")

    assert answer.status_code == 302
    template = NoteTemplate.objects.get()
    assert (template.key, template.texts["ms"]) == ("hand-over", "Siap: {done}")
    assert 'id="note-template-hand-over"' in text_of(agent, f"/desk/case/{case.reference}")

    for text in ("Done: all", "Done: more"):
        browser_of(agent).post(
            f"/desk/case/{case.reference}/reply",
            {"kind": "NOTE", "text": text, "note_templates": ["hand-over", "made-up"]},
        )

    assert NoteTemplateUse.objects.filter(template=template).count() == 2
    assert '<td class="number">2</td>' in text_of(leader, NOTES)


def test_a_template_is_read_in_the_language_of_the_desk():
    agent = an_agent(language="ms")
    case = a_case(assignee=agent)
    NoteTemplate.objects.create(
        key="both", title="Both", texts={"en": "In English", "ms": "Dalam Melayu"}
    )
    look_again()

    page = text_of(agent, f"/desk/case/{case.reference}")

    assert "Dalam Melayu" in page and "In English" not in page


def test_a_note_template_is_changed_taken_out_and_taken_back():
    leader = a_team_leader()
    NoteTemplate.objects.create(key="old", title="Old", texts={"en": "Before"}, lob=a_lob())
    page = f"{NOTES}/notes/old"

    write_note(leader, page, title="New", text_en="After", line_of_business=a_lob().key)
    assert NoteTemplate.objects.get().title == "New"
    browser_of(leader).post(f"{page}/remove", {"seen": seen_on(text_of(leader, page))})
    assert not NoteTemplate.objects.get().is_active
    titles = []
    for change in ConfigurationChange.objects.order_by("-pk"):
        browser_of(leader).post(f"/lead/changes/{change.pk}/undo")
        titles.append(NoteTemplate.objects.get(is_active=True).title)

    assert titles == ["New", "Old"]
    assert NoteTemplate.objects.get().texts == {"en": "Before"}


def test_who_leads_another_line_or_nobody_writes_no_note_template():
    lead = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=lead, lob=a_lob(), language="en")
    NoteTemplate.objects.create(key="here", title="Here", texts={"en": "x"}, lob=a_lob())
    NoteTemplate.objects.create(key="there", title="There", texts={"en": "x"}, lob=a_lob("other"))

    assert browser_of(lead).get(f"{NOTES}/notes/here").status_code == 200
    assert browser_of(lead).get(f"{NOTES}/notes/there").status_code == 404
    assert browser_of(a_specialist()).get(NOTES).status_code == 404
    assert browser_of(an_agent()).get(NOTES).status_code == 404


def test_lists_cost_the_same_however_long(django_assert_max_num_queries):
    leader = a_team_leader()
    browser = browser_of(leader)
    for number in range(8):
        NoteTemplate.objects.create(key=f"n{number}", title="N", texts={"en": "x"}, lob=a_lob())
    browser.get(NOTES), browser.get(ESCALATIONS)

    with django_assert_max_num_queries(20):
        browser.get(NOTES)
    with django_assert_max_num_queries(20):
        browser.get(ESCALATIONS)
