"""The whole story: somebody writes, two tiers work on it, it is answered, rated and counted."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import desk
from tests.browser.requesters import TINY_PICTURE, Requester, reference_in

WRITER = Requester("कविता रावत")
SUBJECT = "मेरा खाता हैक हो गया है"
WORDS = """नमस्ते,

मेरा खाता हैक हो गया है। किसी ने पासवर्ड बदल दिया और मेरे खाते से पोस्ट कर रहा है।
मेरा फ़ोन नंबर +91 98765 43210 है।

धन्यवाद
कविता"""
HTML = """<p>मेरा खाता हैक हो गया है। किसी ने पासवर्ड बदल दिया।</p>
<p><b>यह मेरा खाता है।</b></p>
<img src="https://tracker.example/seen.gif"><script>document.title = "taken over"</script>"""
WHY = "The account was taken over this morning; please lock it and restore the e-mail address."
AGENTS_OF_EACH_VENDOR = ("aarav-khanna", "ng-kah-seng")
TRIED = "Asked for the last good sign-in\nSent the steps for recovery"


@pytest.fixture
def reference(mailbox):
    """A letter in Hindi, which only one vendor serves, with HTML and a picture."""
    letter = WRITER.letter(to="security@caseward.example", subject=SUBJECT, text=WORDS, html=HTML)
    letter.add_attachment(TINY_PICTURE, maintype="image", subtype="png", filename="पोस्ट.png")
    mailbox.post(letter)
    receipt = mailbox.wait_for(to=WRITER.email, kind="Acknowledgement")
    assert receipt["Auto-Submitted"] == "auto-replied"
    return reference_in(receipt.get_body(("plain",)).get_content())


@pytest.mark.timeout(240)
def test_a_message_becomes_an_answer(reference, visitors, mailbox, installation):
    agent = visitors.staff("sandeep-rana")
    specialist = visitors.staff("nandini-iyer")
    specialist.goto("/desk/tier-2")

    desk.take(agent, reference)
    sees_the_letter_but_no_address(agent)
    is_hidden_from_the_other_vendor(visitors, reference)
    takes_an_answer_back(agent, reference)
    escalates(agent)

    finds_it_without_reloading(specialist, reference)
    returns_it(specialist)
    sees_why_it_came_back(agent)

    answers_and_waits(agent)
    the_requester_answers_back(mailbox, agent)
    resolves(agent)

    rates_it(visitors, mailbox)
    is_counted(visitors.staff("ananya-deshpande"), reference)
    is_sealed_and_readable_by_programs(installation, visitors.anybody().request, reference)


def test_a_letter_of_html_alone_reaches_one_vendor_as_text(visitors, mailbox):
    writer = Requester("Joanna D'Souza")
    letter = writer.letter(to="help@caseward.example", subject="Locked out", text="")
    letter.set_content(
        "<p>I forgot my password &amp; the code never comes.</p><p>Please help</p>", subtype="html"
    )
    mailbox.post(letter)
    receipt = mailbox.wait_for(to=writer.email, kind="Acknowledgement")
    reference = reference_in(receipt.get_body(("plain",)).get_content())

    sights = [_what_is_seen(visitors, key, reference) for key in AGENTS_OF_EACH_VENDOR]

    assert sorted(sights, key=str) == [
        404,
        "I forgot my password & the code never comes.\n\nPlease help",
    ]


def _what_is_seen(visitors, key, reference):
    page = visitors.staff(key)
    with visitors.may_be_refused(404):
        status = page.goto(f"/desk/case/{reference}").status
    return status if status != 200 else page.locator(".message__text").inner_text()


def sees_the_letter_but_no_address(agent):
    expect(agent.get_by_role("heading", level=1)).to_have_text(SUBJECT)
    expect(desk.conversation(agent)).to_contain_text("किसी ने पासवर्ड बदल दिया")
    shown = agent.content()
    assert WRITER.email not in shown
    assert "98765 43210" not in shown

    picture = desk.conversation(agent).get_by_role("link", name="पोस्ट.png")
    assert agent.request.get(picture.get_attribute("href")).body() == TINY_PICTURE
    with agent.context.expect_page() as opened:
        agent.get_by_role("link", name="As it was sent").click()
    expect(opened.value.get_by_text("यह मेरा खाता है।")).to_be_visible()
    assert opened.value.title() != "taken over"
    opened.value.close()


def is_hidden_from_the_other_vendor(visitors, reference):
    stranger = visitors.staff("ng-kah-seng")
    with visitors.may_be_refused(404):
        assert stranger.goto(f"/desk/case/{reference}").status == 404
    stranger.goto(f"/desk/search?q={reference}")
    expect(stranger.get_by_role("heading", name="No case with")).to_be_visible()


def takes_an_answer_back(agent, reference):
    agent.keyboard.press("r")
    agent.keyboard.press("Escape")
    agent.keyboard.press("m")
    agent.keyboard.insert_text("account yours")
    agent.keyboard.press("Enter")
    filled = re.compile(f"नमस्ते {WRITER.name}.*{reference}", re.DOTALL)
    expect(desk.composer(agent)).to_have_value(filled)
    text = desk.composer(agent).input_value()

    desk.send(agent)
    desk.has_status(agent, "PENDING")
    expect(desk.composer(agent)).to_have_value("")
    expect(desk.composer(agent)).not_to_be_focused()
    agent.keyboard.press("z")

    expect(agent.get_by_role("button", name="Undo")).to_have_count(0)
    expect(desk.composer(agent)).to_have_value(text)
    expect(desk.conversation(agent).locator("[data-kind=OUTBOUND]")).to_have_count(0)
    desk.has_status(agent, "OPEN")


def escalates(agent):
    desk.composer(agent).fill("")
    expect(agent.locator("[data-draft-said]")).to_contain_text("Draft saved")
    agent.keyboard.press("Escape")
    agent.keyboard.press("e")
    dialog = agent.locator("dialog:modal")
    dialog.wait_for()
    for asked in dialog.locator("[name^=fact_]").all():
        if asked.evaluate("field => field.matches('select')"):
            asked.select_option(index=1)
        elif asked.get_attribute("type") != "date":
            asked.fill("@asha.verma")
    dialog.locator("[name=why]").fill(WHY)
    dialog.locator("[name=tried]").fill(TRIED)
    with agent.expect_navigation():
        agent.keyboard.press("Control+Enter")
    desk.has_status(agent, "ESCALATED")


def finds_it_without_reloading(specialist, reference):
    expect(specialist.locator(f"#row-{reference}")).to_be_visible()
    specialist.locator(f"#row-{reference}").click()
    escalation = specialist.locator("#escalation")
    expect(escalation).to_contain_text(WHY)
    expect(escalation.locator(".tried li")).to_have_text(TRIED.splitlines())
    with specialist.expect_navigation():
        specialist.keyboard.press("y")
    expect(escalation).to_contain_text("Accepted")


def returns_it(specialist):
    specialist.keyboard.press("b")
    dialog = specialist.locator("dialog:modal")
    dialog.wait_for()
    dialog.get_by_role("radio", name="Needed: tier 1").check()
    dialog.get_by_role("radio", name="Incomplete").check()
    dialog.get_by_label("What was missing or wrong?").fill("The day it was lost.")
    dialog.get_by_label("What should tier 1 do now?").fill("Lock it for a day, then restore.")
    with specialist.expect_navigation():
        specialist.keyboard.press("Control+Enter")
    desk.has_status(specialist, "OPEN")


def sees_why_it_came_back(agent):
    """The open page says first what to do, then how the escalation was judged."""
    escalation = agent.locator("#escalation")
    expect(escalation.get_by_role("heading", level=2)).to_contain_text("Returned to you")
    for words in ("Lock it for a day", "Needed", "Incomplete", "The day it was lost."):
        expect(escalation).to_contain_text(words)
    expect(escalation).not_to_contain_text("Nandini")
    expect(agent.locator("#toasts")).not_to_contain_text("Nothing was changed")


def answers_and_waits(agent):
    desk.write(agent, "हमने आपके खाते पर एक दिन का लॉक लगाया है। क्या अब भी कोई पोस्ट दिखती है?")
    desk.send(agent)
    desk.has_status(agent, "PENDING")


def the_requester_answers_back(mailbox, agent):
    mail = mailbox.wait_for(to=WRITER.email, kind="Reply")
    assert mail["Reply-To"] != mail["From"]
    mailbox.post(WRITER.answer(mail, "नहीं, अब कोई पोस्ट नहीं दिखती।"))

    expect(desk.conversation(agent)).to_contain_text("अब कोई पोस्ट नहीं दिखती")
    desk.has_status(agent, "OPEN")


def resolves(agent):
    desk.composer(agent).blur()
    desk.write(agent, "आपका खाता अब फिर आपका है। अच्छा दिन।")
    agent.get_by_label("Other ways to send").click()
    agent.get_by_label("How did it end?").first.select_option(label="Protective lock only")
    agent.get_by_role("button", name="Send and resolve").click()
    desk.has_status(agent, "RESOLVED")


def rates_it(visitors, mailbox):
    mail = mailbox.wait_for(to=WRITER.email, kind="Survey")
    link = re.search(r"http://\S+/survey/\S+", mail.get_body(("plain",)).get_content())[0]
    requester = visitors.anybody(locale="hi")
    requester.goto(link.partition("?")[0])
    expect(requester.locator("html")).to_have_attribute("lang", "hi")
    requester.get_by_role("radio", name="4").check()
    requester.get_by_role("textbox").fill("जल्दी मदद मिली")
    requester.locator("form.form button").click()
    expect(requester.locator(".toast")).to_be_visible()


def is_counted(lead, reference):
    lead.goto("/lead/")
    lead.get_by_label("Team").first.select_option(label="Northstar Security Desk")
    lead.wait_for_url(re.compile("team="))
    figure = lead.locator(".figure", has_text="CSAT").get_by_role("link")
    opened = figure.get_attribute("href")
    for _ in range(30):
        lead.goto(opened)
        if lead.get_by_role("link", name=reference).count():
            return
        lead.wait_for_timeout(2_000)
    raise AssertionError(f"{reference} is not behind {opened}")


def is_sealed_and_readable_by_programs(installation, program, reference):
    assert "every one is as it was recorded" in installation.command("ledger", "verify")

    token = installation.command("token", "ananya-deshpande").strip()
    asked = program.get(f"/api/v1/cases/{reference}", headers={"Authorization": f"Bearer {token}"})
    case = asked.json()
    assert (case["status"], case["vendor"], case["language"]) == ("RESOLVED", "northstar", "hi")
    kinds = [event["kind"] for event in case["timeline"]]
    assert {"case.opened", "escalation.returned", "survey.answered"} <= set(kinds)
