"""Every address of the program, tried by somebody it is not for; a new one fails until it is here.

The walk reads the URLconf itself, so nothing can be forgotten.
"""

from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from caseward.casework.bulk import choose_cases
from caseward.casework.models import (
    Attachment,
    BulkAction,
    Case,
    Emergency,
    Escalation,
    Incident,
    Message,
    Outgoing,
    SavedFilter,
    Worksheet,
)
from caseward.casework.services import reply
from caseward.channels.models import SentMail
from caseward.routing.models import Queue
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_reason,
    a_specialist,
)
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db

# Of one case, message, file, filter or queue: not there for whoever may not see it.
OF_SOMETHING = {
    "case-legal", "case-legal-take-back", "case-silence",
    "case", "case-changes", "case-take", "case-release", "case-reopen", "case-unmerge",
    "case-step-back",
    "case-emergency", "case-false-alarm", "escalation-answer", "case-reroute", "case-ask-back",
    "case-help", "help-answer", "help-withdraw", "emergency", "emergency-hold",
    "emergency-approve", "emergency-disclose", "emergency-end", "incident", "incident-add",
    "incident-remove", "incident-tell", "incident-close", "incident-reopen",
    "escalation-accept", "case-presence", "case-tag", "case-untag", "case-reveal", "case-reply",
    "case-draft", "case-preview", "case-take-back", "case-transfer", "case-escalate",
    "case-resolve", "case-settle", "case-return", "case-assign", "case-priority", "case-reason",
    "case-why", "case-merge", "case-snooze", "case-wake", "case-link", "case-unlink", "move-case",
    "restore-filter", "capacity-ask",
    "floor-give", "floor-put-back", "floor-overflow", "floor-pause", "floor-resume",
    "floor-staff-queue", "floor-borrow", "floor-ask", "floor-undo", "team-message-read",
    "message-html", "message-raw", "attachment", "queue", "sent-mail", "sent-mail-raw", "case-step",
    "case-gates",
    "case-review", "campaign", "campaign-change", "campaign-pause", "campaign-resume",
    "campaign-stop", "campaign-restore",
    "bulk-action", "bulk-decide", "bulk-start", "bulk-cancel", "bulk-undo",
    "bulk-cases",
    "macro", "macro-preview", "macro-compare", "macro-step", "playbook", "playbook-compare",
    "playbook-step", "automation", "automation-step", "automation-undo", "crisis-edit",
    "crisis-verify", "crisis-doubt",
    "misses-explain", "miss-take-back", "law", "law-ask", "law-decide", "law-verify", "law-edit",
    "routing-rule-set", "routing-rule-set-act",
    "note-template", "note-template-remove", "escalation-template", "escalation-template-remove",
    "escalation-template-line", "escalation-template-line-remove",
    "rota", "rota-remove", "rota-trial", "expert", "expert-remove", "change-undo",
}  # fmt: skip
# Another's is left alone without a word.
MINE_OR_NOTHING = {
    "change-filter", "delete-filter", "offer-accept", "offer-pass", "consent-agree",
    "consent-decline",
}  # fmt: skip
OWN_LISTS = {
    "help-wanted", "emergency-rest",
    "notices", "notices-read",
    "my-cases", "my-escalations", "my-pending", "my-snoozed", "my-resolved", "queues", "next-case",
    "nothing-waits", "search", "team-messages", "saved-filters", "home", "your-desk", "show-beside",
    "doing", "doing-say", "here", "wellbeing", "opt-out", "stop", "stop-undo", "bulk-actions",
}  # fmt: skip
IN_HOUSE = {
    "emergencies", "incidents", "lead-escalations", "lead-escalation-cases",
    "lead-escalations-csv",
    "misses", "laws",
    "floor", "floor-tell", "floor-wallboard", "floor-screen-link",
    "capacity", "caps", "caps-set", "tier-2", "unfinished", "lead", "lead-cases", "lead-csv",
    "sent-mails",
    "backlog", "campaigns", "campaign-new", "aged", "on-call",
    "macros", "macro-new", "playbooks", "automations", "automation-new", "crisis", "crisis-new",
    "routing-rules", "routing-propose", "rota-new", "experts", "expert-new",
    "note-templates", "note-template-new", "escalation-templates",
}  # fmt: skip
PUBLIC = {
    "emergency-take", "emergency-trial",
    "icon", "sign-in", "sign-out", "set_language", "help", "help-sent", "help-form", "status",
    "status-link", "status-file", "survey", "survey-stop", "health",
    "floor-shared", "floor-screen",  # what they show is in a signed token: tests/web/test_floor.py
}  # fmt: skip
OF_THE_API = {"openapi-json", "openapi-view", "api-root", "find_cases", "read_case"}
TEXTS = ("NORTHSTAR-ONLY", "Northstars own words")


def addresses() -> dict[str, list[str]]:
    """Return every named address with the names of its parts."""
    found: dict[str, list[str]] = {}

    def walk(patterns):
        for entry in patterns:
            if isinstance(entry, URLResolver):
                walk(entry.url_patterns)
            elif isinstance(entry, URLPattern):
                found[entry.name] = list(entry.pattern.converters)

    walk(get_resolver().url_patterns)
    return found


def on_escalations(case: Case) -> dict[str, int]:
    """One of everything that is asked, raised or gathered about a case."""
    by = {"case": case, "raised_by": case.assignee, "raised_at": MONDAY_9AM}
    emergency = Emergency.objects.create(**by, decision_due_at=MONDAY_9AM)
    Worksheet.objects.create(emergency=emergency)
    escalation = Escalation.objects.create(**by, from_lob=case.lob, why="a", tried="b")
    question = escalation.questions.create(
        asked_by=case.assignee, asked_at=MONDAY_9AM, text=TEXTS[1]
    )
    incident = Incident.objects.create(
        title="Hijacks", lob=case.lob, opened_by=case.assignee, opened_at=MONDAY_9AM
    )
    incident.cases.create(case=case, added_by=case.assignee, added_at=MONDAY_9AM)
    asked = case.help_requests.create(
        asked_by=case.assignee, asked_at=MONDAY_9AM, question=TEXTS[1],
        to_lob=case.lob, to_language="en",
    )  # fmt: skip
    return {
        "emergency_id": emergency.pk,
        "question_id": question.pk,
        "incident_id": incident.pk,
        "help_id": asked.pk,
    }


@dataclass
class Scene:
    """A case of Northstar's with something of everything."""

    case: Case
    message: Message
    attachment: Attachment
    kept: SavedFilter
    mail: SentMail
    queue: Queue
    action: BulkAction
    parts: dict[str, object] = field(init=False)

    def __post_init__(self):
        self.parts = {
            **on_escalations(self.case),
            "reference": self.case.reference,
            "message_id": self.message.pk,
            "attachment_id": self.attachment.pk,
            "filter_id": self.kept.pk,
            "mail_id": self.mail.pk,
            "queue_id": self.queue.pk,
            "staff_id": self.case.assignee_id,
            "move_id": 1,
            "action_id": self.action.pk,
            "campaign_id": 1,
            "offer_id": 1,
            "key": "lock",
            "macro_key": "lock",
            "rule_key": "tag",
            "rota_key": "south",
            "expert_key": "payouts",
            "template_key": "handover",
            "reason_key": "lost-login",
            "line_key": "account-security",
            "change_id": 1,
            "reason_id": 1,
            "number": 1,
            "do": "release",
            "run_id": 1,
            "resource_id": 1,
            "rule_set_id": 1,
            "clock_id": 1,
            "preset_id": 1,
            "request_id": 1,
            "incident_id": 1,
            "verb": "try",
            "kept": "not-signed",
        }

    def address(self, name: str) -> str:
        return reverse(name, kwargs={part: self.parts[part] for part in addresses()[name]})


@pytest.fixture
def scene(people, an_hour_ago):
    case = a_case(
        assignee=people.agent, opened_at=an_hour_ago, title=TEXTS[0], text=TEXTS[1],
        html=f"<p>{TEXTS[1]}</p>",
    )  # fmt: skip
    reply(
        reference=case.reference, by=people.agent, text=TEXTS[1], now=timezone.now(),
        undo=timedelta(seconds=60),
    )  # fmt: skip
    attachment = Attachment.objects.create(
        message=case.messages.earliest("pk"), name="a.png", content_type="image/png", size=1,
        sha256="0" * 64,
    )  # fmt: skip
    kept = SavedFilter.objects.create(staff=people.agent, name="Mine", query="/desk/")
    mail = SentMail.objects.create(
        outgoing=Outgoing.objects.get(case=case, kind="ACKNOWLEDGEMENT"),
        recipient="asha@example.com", content=b"Subject: x\r\n\r\nx", sent_at=MONDAY_9AM,
    )  # fmt: skip
    action = choose_cases(
        by=people.agent, references=[case.reference], address="/desk/", now=timezone.now()
    )
    return Scene(case, case.messages.latest("pk"), attachment, kept, mail, case.queue, action)


def what_stands(scene):
    return (
        Case.objects.values().get(pk=scene.case.pk),
        list(Message.objects.order_by("pk").values()),
        list(Outgoing.objects.order_by("pk").values()),
        list(SavedFilter.objects.order_by("pk").values()),
    )


def test_every_address_is_known_here():
    known = OF_SOMETHING | MINE_OR_NOTHING | OWN_LISTS | IN_HOUSE | PUBLIC | OF_THE_API

    assert set(addresses()) == known


def test_what_is_one_vendors_is_not_there_for_the_other(people, scene):
    for person in (people.agent, people.colleague, people.specialist):
        assert browser_of(person).get(scene.address("case")).status_code == 200
    browser, before = browser_of(people.stranger), what_stands(scene)

    for name in sorted(OF_SOMETHING):
        for method in (browser.get, browser.post, browser.head, browser.put, browser.delete):
            answer = method(scene.address(name))
            assert answer.status_code in {403, 404, 405}, (name, method.__name__)
    for name in MINE_OR_NOTHING:
        browser.post(scene.address(name), {"name": "Stolen"})
    assert what_stands(scene) == before


@pytest.mark.parametrize("name", sorted(OWN_LISTS - {"next-case", "home"}))
def test_no_list_shows_the_other_vendors_words(people, scene, name):
    query = {"q": "words", "who": people.agent.pk, "vendor": people.agent.vendor_id}

    page = browser_of(people.stranger).get(reverse(name), query).content.decode()

    assert not any(text in page for text in (*TEXTS, scene.case.reference))


def test_a_search_tells_the_other_vendor_nothing_of_what_it_found(people, scene):
    for text in (scene.case.reference, TEXTS[0], TEXTS[1]):
        mine = browser_of(people.agent).get("/desk/search", {"q": text}, follow=True)
        theirs = browser_of(people.stranger).get("/desk/search", {"q": text}, follow=True)
        assert scene.case.reference in mine.content.decode()
        assert theirs.context["state"] == "NOTHING"
        assert theirs.context["shown"] == 0


def test_next_case_gives_the_other_vendor_none_of_ours(people, scene):
    Case.objects.filter(pk=scene.case.pk).update(assignee=None, status="NEW")

    landed = browser_of(people.stranger).post("/desk/next", follow=True)

    assert scene.case.reference not in landed.content.decode()
    assert Case.objects.get(pk=scene.case.pk).assignee_id is None


@pytest.mark.parametrize("name", sorted(IN_HOUSE))
def test_in_house_pages_are_not_there_for_a_vendor(people, scene, name):
    page = reverse(name)

    assert browser_of(people.agent).get(page).status_code == 404
    assert browser_of(people.agent).post(page).status_code in {404, 405}


def test_nobody_gets_in_without_signing_in(scene):
    for name in sorted(OF_SOMETHING | MINE_OR_NOTHING):
        for method in (Client().get, Client().post):
            answer = method(scene.address(name))
            assert answer.status_code in {302, 405}, name
            assert answer.status_code == 405 or answer.url.startswith("/sign-in?"), name
    for name in sorted(OWN_LISTS | IN_HOUSE):
        assert Client().get(reverse(name)).status_code in {302, 405}, name


@pytest.mark.parametrize(
    "name", sorted({"lead", "lead-cases", "lead-csv", "sent-mails", "sent-mail", "case-reveal"})
)
def test_a_specialist_of_another_line_finds_nothing(people, scene, name):
    browser = browser_of(a_specialist(lob=a_lob("minor-safety")))

    answer = browser.get(scene.address(name))

    assert answer.status_code == 404 or scene.case.reference not in answer.content.decode()


def test_every_post_needs_the_token_of_our_own_page(people, scene):
    """A page of somebody else's cannot make a signed-in browser do anything."""
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(people.agent)
    before = what_stands(scene)

    for name in sorted(OF_SOMETHING | MINE_OR_NOTHING | OWN_LISTS | IN_HOUSE | {"sign-out"}):
        answer = browser.post(scene.address(name), {"text": "x", "tag": "x", "why": "x"})
        assert answer.status_code in {403, 405}, name
    assert what_stands(scene) == before


def test_ids_of_others_in_a_post_change_nothing(people, scene, an_hour_ago):
    """Colleagues, reasons and endings of other vendors and lines are no choice anybody has."""
    line = a_lob("minor-safety")
    reason, ending = a_reason(line, "grooming"), a_disposition(line, "harm")
    theirs = a_case(vendor=people.stranger.vendor, opened_at=an_hour_ago)
    browser, before = browser_of(people.agent), what_stands(scene)

    for verb, said in [
        ("assign", {"to": people.stranger.pk}),
        ("assign", {"to": people.specialist.pk}),
        ("reason", {"reason": reason.pk}),
        ("resolve", {"disposition": ending.pk}),
        ("merge", {"other": theirs.reference}),
        ("link", {"other": theirs.reference}),
        ("priority", {"priority": "9"}),
        ("transfer", {"lob": line.pk, "language": "en", "why": "x"}),
        ("settle", {"verdict": "NEEDED", "note": "x"}),
        ("return", {"verdict": "NEEDED", "note": "x"}),
    ]:
        answer = browser.post(scene.address(f"case-{verb}"), said)
        assert answer.status_code == 422, verb
    assert what_stands(scene) == before


def test_nothing_but_what_a_form_asks_is_taken_from_a_post(people, scene):
    more = {"vendor": people.stranger.vendor_id, "tier": 2, "status": "CLOSED", "assignee": ""}
    before = Case.objects.get(pk=scene.case.pk)

    browser_of(people.agent).post(scene.address("case-tag"), {"tag": "x", **more})
    browser_of(people.agent).post(scene.address("case-priority"), {"priority": 1, **more})

    after = Case.objects.get(pk=scene.case.pk)
    assert (after.tags, after.priority) == (["x"], 1)
    for name in ("vendor_id", "tier", "status", "assignee_id"):
        assert getattr(after, name) == getattr(before, name)
