"""Pages for macros, playbooks and help in a crisis."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from caseward.casework.models import MacroUse
from caseward.casework.services import change_reason
from caseward.org.models import Skill
from caseward.policy.models import CrisisResource, Macro, MacroVersion, PlaybookVersion
from caseward.quality.models import Survey
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_macro,
    a_playbook,
    a_reason,
    a_regional_lead,
    a_staff_member,
    a_team_leader,
    an_agent,
)

pytestmark = pytest.mark.django_db


def browser_of(person):
    browser = Client()
    browser.force_login(person)
    return browser


def a_lob_lead(lob=None):
    lead = a_staff_member("LOB_LEAD")
    Skill.objects.create(staff=lead, lob=lob or a_lob(), language="en")
    return lead


def words_of(**more):
    return {"title": "Lock is on", "text_en": "Hello {requester_name}, it is locked.", **more}


def test_a_macro_is_written_by_one_and_released_by_another():
    lead, regional = a_lob_lead(), a_regional_lead()
    browser = browser_of(lead)
    browser.post(
        "/lead/macros/new", {"title": "Lock", "key": "lock", "lob": a_lob().pk}, follow=True
    )
    browser.post("/lead/macros/of/lock", words_of(add_tags="Locked, urgent", priority="2"))
    browser.post("/lead/macros/of/lock/1/review")
    refused = browser.post("/lead/macros/of/lock/1/release", follow=True)
    assert MacroVersion.objects.get().state == "IN_REVIEW"
    assert "somebody else" in refused.content.decode()

    browser_of(regional).post("/lead/macros/of/lock/1/release")

    version = MacroVersion.objects.get()
    assert (version.state, version.reviewer) == ("RELEASED", regional)
    assert version.actions == {"add_tags": ["locked", "urgent"], "priority": 2}
    assert Macro.objects.get().is_active


def test_a_placeholder_that_nothing_fills_in_is_refused_with_its_name():
    browser = browser_of(a_regional_lead())
    a_macro("lock", a_lob())

    answer = browser.post("/lead/macros/of/lock", words_of(text_ms="Salam {requestr_name}"))

    assert answer.status_code == 422
    assert "Nothing fills in {requestr_name}" in answer.content.decode()
    assert MacroVersion.objects.count() == 1


def test_the_preview_fills_in_marks_and_misses():
    browser = browser_of(a_regional_lead())
    a_macro("lock", a_lob())

    page = browser.post(
        "/lead/macros/of/lock/preview",
        {"text_en": "Hi {requester_name} {status_url} {nope}", "text_ms": "Salam {requester_name}"},
    ).content.decode()

    assert "Hi Asha https://…" in page
    assert "Nothing fills in {nope}" in page
    assert "The English text has {status_url}, this one does not" in page


def test_what_a_version_changes_is_shown_and_an_older_one_comes_back_as_a_draft():
    lead, regional = a_lob_lead(), a_regional_lead()
    a_macro("lock", a_lob(), en="It is locked.")
    browser_of(lead).post("/lead/macros/of/lock", words_of(text_en="It is now locked."))
    browser_of(lead).post("/lead/macros/of/lock/2/review")
    browser_of(regional).post("/lead/macros/of/lock/2/release")

    page = browser_of(lead).get("/lead/macros/of/lock/2/changes").content.decode()
    browser_of(lead).post("/lead/macros/of/lock/1/restore")

    assert "<ins>now</ins>" in page.replace("<ins> now</ins>", "<ins>now</ins>").replace(
        "<ins>now </ins>", "<ins>now</ins>"
    )
    draft = MacroVersion.objects.get(number=3)
    assert (draft.state, draft.texts, draft.author) == ("DRAFT", {"en": "It is locked."}, lead)


def test_the_list_counts_uses_edits_and_ratings_with_their_intervals():
    now = timezone.now()
    version = a_macro("lock", a_lob()).versions.get()
    agent = an_agent()
    for number, share in enumerate([0.0, 0.2, 0.5, 0.01]):
        case = a_case(assignee=agent)
        message = case.messages.first()
        MacroUse.objects.create(
            message=message, case=case, version=version, language="en", edited_share=share, at=now
        )
        Survey.objects.create(case=case, asked_at=now, rating=5 - number, answered_at=now)

    page = browser_of(a_regional_lead()).get("/lead/macros?q=lock").content.decode()

    assert "50.0 %" in page and "n=4" in page
    assert "15.0–85.0 %" in page


def test_lists_find_by_words_and_go_on_page_by_page(django_assert_max_num_queries):
    for number in range(31):
        a_macro(f"macro-{number:02}", a_lob())
    browser = browser_of(a_regional_lead())

    with django_assert_max_num_queries(20):
        first = browser.get("/lead/macros")
    second = browser.get(first.context["next_url"])

    assert (len(first.context["rows"]), len(second.context["rows"])) == (30, 1)
    assert len(browser.get("/lead/macros?q=macro-07").context["rows"]) == 1
    assert "No macro found" in browser.get("/lead/macros?q=nothing").content.decode()


def test_a_lead_of_another_line_neither_writes_nor_releases():
    a_macro("lock", a_lob())
    stranger = a_lob_lead(a_lob("minor-safety"))

    browser_of(stranger).post("/lead/macros/of/lock", words_of())

    assert MacroVersion.objects.count() == 1
    assert browser_of(stranger).get("/lead/macros/of/lock").status_code == 200
    assert browser_of(an_agent()).get("/lead/macros/of/lock").status_code == 404


def test_a_playbook_is_written_reviewed_and_released():
    lead, regional, reason = a_lob_lead(), a_regional_lead(), a_reason()
    a_disposition()
    page = f"/lead/playbooks/{reason.pk}"
    steps = {
        "steps-TOTAL_FORMS": 2, "steps-INITIAL_FORMS": 0,
        "steps-0-text_en": "Ask for a lock.", "steps-0-check": "TICK", "steps-0-is_gate": "on",
        "steps-0-blocks": "recovered", "steps-0-ORDER": 2,
        "steps-1-text_en": "Who asks?", "steps-1-check": "CHOICE", "steps-1-ORDER": 1,
        "steps-1-choices": "self: The owner\nother: Somebody else",
    }  # fmt: skip

    browser_of(lead).post(page, {**steps, "note": "First"})
    browser_of(lead).post(f"{page}/1/review")
    browser_of(regional).post(f"{page}/1/release")

    version = PlaybookVersion.objects.get()
    assert version.state == "RELEASED"
    assert [step["key"] for step in version.steps] == ["who-asks", "ask-for-a-lock"]
    assert version.steps[1]["blocks"] == ["recovered"]
    assert "version 1" in browser_of(lead).get("/lead/playbooks").content.decode()


def test_a_choice_without_a_name_is_refused_where_it_is():
    lead, reason = a_lob_lead(), a_reason()

    answer = browser_of(lead).post(
        f"/lead/playbooks/{reason.pk}",
        {
            "steps-TOTAL_FORMS": 1, "steps-INITIAL_FORMS": 0, "steps-0-text_en": "Who?",
            "steps-0-check": "CHOICE", "steps-0-choices": "just words",
        },
    )  # fmt: skip

    assert answer.status_code == 422
    assert "needs a key, a colon and a name" in answer.content.decode()


def test_a_playbook_shows_on_the_case_and_is_worked_through_there():
    reason = a_reason()
    a_playbook(reason, [{"key": "lock", "texts": {"en": "Ask for a lock."}, "is_gate": True}])
    agent = an_agent()
    case = a_case(assignee=agent, reason_id=reason.pk, opened_at=timezone.now())
    browser = browser_of(agent)
    assert "0 of 1 step" in browser.get(f"/desk/case/{case.reference}").content.decode()
    ending = a_disposition()
    refused = browser.post(f"/desk/case/{case.reference}/resolve", {"disposition": ending.pk})
    assert "Ask for a lock." in refused.content.decode() and refused.status_code == 422

    browser.post(f"/desk/case/{case.reference}/step/lock", {"check": "TICK", "do": "DO"})

    assert "1 of 1 step" in browser.get(f"/desk/case/{case.reference}").content.decode()
    browser.post(f"/desk/case/{case.reference}/resolve", {"disposition": ending.pk})
    case.refresh_from_db()
    assert case.status == "RESOLVED"


def test_a_vendors_staff_see_that_in_house_did_a_step_but_not_who():
    reason = a_reason()
    a_playbook(reason, [{"key": "lock", "texts": {"en": "Ask for a lock."}, "is_gate": True}])
    agent, lead = an_agent(), a_regional_lead(name="Ananya Deshpande")
    case = a_case(assignee=agent, reason_id=reason.pk, opened_at=timezone.now())

    browser_of(lead).post(f"/desk/case/{case.reference}/step/lock", {"check": "TICK", "do": "DO"})

    page = browser_of(agent).get(f"/desk/case/{case.reference}").content.decode()
    assert "1 of 1 step" in page
    assert "Ananya" not in page and "In-house specialist" in page


@pytest.fixture
def hotline():
    return CrisisResource.objects.create(
        key="suicide", country="MY", language="en", name="Talian HEAL", phone="15555",
        last_verified_on=timezone.localdate() - timedelta(days=91), valid_days=90,
    )  # fmt: skip


def test_a_stale_helpline_raises_an_alarm_until_somebody_verifies_it(hotline):
    regional = a_regional_lead()
    browser = browser_of(regional)
    assert "has not been verified lately" in browser.get("/lead/crisis").content.decode()
    browser.post(f"/lead/crisis/{hotline.pk}/verify", {"how": " "})
    hotline.refresh_from_db()
    assert hotline.is_stale(timezone.localdate())

    browser.post(f"/lead/crisis/{hotline.pk}/verify", {"how": "Called, a counsellor answered."})

    hotline.refresh_from_db()
    assert hotline.verified_by == regional and not hotline.is_stale(timezone.localdate())
    assert "lately" not in browser.get("/lead/crisis").content.decode()


def test_a_changed_number_has_to_be_verified_again(hotline):
    browser = browser_of(a_regional_lead())
    browser.post(f"/lead/crisis/{hotline.pk}/verify", {"how": "Called."})

    browser.post(
        f"/lead/crisis/{hotline.pk}",
        {
            "key": "suicide", "country": "my", "language": "en", "name": "Talian HEAL",
            "phone": "15556", "url": "", "valid_days": 90,
        },
    )  # fmt: skip

    hotline.refresh_from_db()
    assert (hotline.phone, hotline.last_verified_on) == ("15556", None)


def test_a_macro_that_names_a_stale_helpline_is_not_sent(hotline):
    macro = a_macro("help", None, en="Hello {requester_name}, please call {crisis:suicide}.")
    version, agent = macro.versions.get(), an_agent()
    case = a_case(assignee=agent, country="MY", opened_at=timezone.now())
    browser, page = browser_of(agent), f"/desk/case/{case.reference}/reply"
    said = {"text": "Please call 15555.", "then": "STAY", "macros": f"{version.pk}-en"}

    refused = browser.post(page, said)
    CrisisResource.objects.update(last_verified_on=timezone.localdate())
    sent = browser.post(page, said)

    assert refused.status_code == 409
    assert "Talian HEAL" in refused.content.decode() and "15555." in refused.content.decode()
    assert sent.status_code == 302
    assert MacroUse.objects.get().version == version
    assert case.messages.filter(direction="OUTBOUND").count() == 1


def test_the_placeholder_itself_is_filled_in_for_country_and_language(hotline):
    CrisisResource.objects.update(last_verified_on=timezone.localdate())
    agent = an_agent()
    case = a_case(assignee=agent, country="MY", opened_at=timezone.now())

    browser_of(agent).post(
        f"/desk/case/{case.reference}/reply", {"text": "Call {crisis:suicide}.", "then": "STAY"}
    )

    assert case.messages.get(direction="OUTBOUND").text == "Call Talian HEAL, 15555."


def test_a_macro_acts_as_it_is_sent_unless_the_writer_says_no():
    macro = a_macro("lock", a_lob())
    macro.versions.update(actions={"add_tags": ["locked"], "priority": 1, "then": "PENDING"})
    version, agent = macro.versions.get(), an_agent()
    acting_case, quiet_case = (
        a_case(assignee=agent, opened_at=timezone.now(), email=f"{n}@example.com") for n in "ab"
    )
    browser = browser_of(agent)
    key = f"{version.pk}-en"
    assert (
        "Change the priority to Urgent."
        in browser.get(f"/desk/case/{acting_case.reference}").content.decode()
    )

    for case, name in ((acting_case, "macros"), (quiet_case, "macros_as_text")):
        browser.post(
            f"/desk/case/{case.reference}/reply", {"text": "Hello", "then": "STAY", name: key}
        )
        case.refresh_from_db()

    assert (acting_case.tags, acting_case.priority, acting_case.status) == (
        ["locked"], 1, "PENDING",
    )  # fmt: skip
    assert (quiet_case.tags, quiet_case.priority, quiet_case.status) == ([], 3, "OPEN")
    assert MacroUse.objects.count() == 2


def test_a_macro_is_offered_only_where_its_conditions_hold():
    macro = a_macro("lock", a_lob(), en="Only for forms")
    macro.versions.update(conditions={"channel": ["FORM"]})
    version, agent = macro.versions.get(), an_agent()
    case = a_case(assignee=agent, opened_at=timezone.now())
    browser = browser_of(agent)

    page = browser.get(f"/desk/case/{case.reference}").content.decode()
    refused = browser.post(
        f"/desk/case/{case.reference}/reply",
        {"text": "Only for forms", "then": "STAY", "macros": f"{version.pk}-en"},
    )

    assert "Only for forms" not in page
    assert refused.status_code == 409 and "may no longer be used" in refused.content.decode()


def test_the_gates_of_an_earlier_reason_are_asked_about_and_dropped_with_one_click_each():
    hacked, billing = a_reason(key="hacked"), a_reason(key="billing")
    a_playbook(hacked, [{"key": "lock", "texts": {"en": "Ask for a lock."}, "is_gate": True}])
    agent, lead = an_agent(), a_team_leader()
    case = a_case(assignee=agent, reason_id=hacked.pk)
    change_reason(reference=case.reference, by=agent, reason=billing, now=MONDAY_9AM)
    page = f"/desk/case/{case.reference}"
    gates = f"{page}/gates/{hacked.pk}"

    shown = browser_of(agent).get(page).content.decode()
    assert "Ask a lead to drop these steps" in shown
    assert "Ask for a lock." in shown
    said = browser_of(agent).post(f"{gates}/ask", follow=True).content.decode()
    assert "A lead is told" in said
    assert "Ask a lead to drop these steps" not in said
    refused = browser_of(agent).post(f"{gates}/agree", follow=True).content.decode()
    assert "cannot agree to it" in refused

    assert "Agree: it was never about" in browser_of(lead).get(page).content.decode()
    agreed = browser_of(lead).post(f"{gates}/agree", follow=True).content.decode()
    assert "The case owes these steps no more." in agreed
    assert "Ask for a lock." not in browser_of(agent).get(page).content.decode()
    browser_of(lead).post(f"{gates}/owe")
    assert "Ask for a lock." in browser_of(agent).get(page).content.decode()
    assert browser_of(lead).post(f"{gates}/forget").status_code == 404
