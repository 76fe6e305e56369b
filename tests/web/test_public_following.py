"""The status page: one case, for the person who asked, in plain words."""

import struct
from datetime import timedelta

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from caseward.casework.models import Case, Message, Outgoing
from caseward.casework.services import Person, add_note, merge_case, reply
from caseward.channels import attachments, links
from caseward.channels.forms import follow, new_ticket
from caseward.org.acting import Actor, acting
from tests.builders import a_case, a_disposition, a_lob, a_promise, a_team_leader, an_agent

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", 8, 8, 8, 2, 0, 0, 0, 0)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path


@pytest.fixture
def agent():
    a_promise()
    return an_agent(name="Priya Nair", languages=("en", "ms"))


@pytest.fixture
def case(agent):
    return a_case(assignee=agent, opened_at=timezone.now() - HOUR, text="Mail asha@example.com")


def address(case):
    return f"/status/{links.status_token(case.reference)}"


def shown(client, case):
    return client.get(address(case)).content.decode()


def send(client, case, **changes):
    ticket = new_ticket(str(case.pk))
    return client.post(address(case), {"text": "More news", "form_ticket": ticket, **changes})


def answer(agent, case, **changes):
    reply(
        reference=case.reference,
        by=agent,
        text="Please try again.",
        now=timezone.now() - timedelta(minutes=1),
        undo=timedelta(seconds=10),
        **changes,
    )


def test_the_requester_reads_the_answer_and_nothing_internal(client, agent, case):
    add_note(reference=case.reference, by=agent, text="Looks like fraud", now=timezone.now())
    answer(agent, case)

    page = shown(client, case)

    assert "Please try again." in page
    for hidden in ("Looks like fraud", "asha@example.com", "Priya"):
        assert hidden not in page


def test_postgresql_shows_a_requester_their_case_only(case):
    other = a_case()

    with acting(Actor.requester(case.pk)):
        assert follow(case.pk, now=timezone.now()).case == case
        with pytest.raises(Case.DoesNotExist):
            follow(other.pk, now=timezone.now())
        assert set(Message.objects.values_list("case_id", flat=True)) == {case.pk}


def test_an_answer_that_can_be_taken_back_is_not_shown_yet(client, agent, case):
    reply(
        reference=case.reference,
        by=agent,
        text="Oops",
        now=timezone.now(),
        undo=timedelta(seconds=10),
    )

    assert "Oops" not in shown(client, case)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "A person will answer you by"),
        ({"status": "PENDING"}, "wait for your answer"),
        ({"status": "ESCALATED", "tier": 2}, "A specialist is looking into it"),
        ({"status": "RESOLVED", "resolved_at": timezone.now()}, "If this is not solved"),
        ({"status": "CLOSED", "resolved_at": timezone.now()}, "it opens again"),
    ],
)
def test_how_it_stands_is_said_in_plain_words(client, case, changes, says):
    Case.objects.filter(pk=case.pk).update(**changes)

    assert says in shown(client, case)


def test_who_is_late_says_so(client, agent):
    late = a_case(assignee=agent, opened_at=timezone.now() - 5 * HOUR)

    assert "are late. We are sorry." in shown(client, late)


def test_a_message_from_the_page_wakes_the_case(client, agent, case):
    answer(agent, case, disposition=a_disposition())

    assert send(client, case).status_code == 302

    case.refresh_from_db()
    assert case.status == Case.Status.REOPENED
    assert case.messages.order_by("-pk").first().text == "More news"


def test_the_same_message_twice_is_one_message(client, case):
    ticket = new_ticket(str(case.pk))
    for _ in range(2):
        assert send(client, case, form_ticket=ticket).status_code == 302

    assert case.messages.count() == 2  # the first, and this one


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"text": " "}, 422),
        ({"text": "x" * 20_001}, 422),
        ({"form_ticket": "forged"}, 422),
        ({"form_ticket": new_ticket("0")}, 422),
        ({"new_files": [SimpleUploadedFile("a.exe", b"MZ")]}, 422),
        ({"text": "nul\x00 is dropped"}, 302),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(client, case, changes, status):
    answered = send(client, case, **changes)

    assert answered.status_code == status
    assert case.messages.count() == (2 if status == 302 else 1)
    if status == 422:
        assert changes.get("text", "More news").strip() in answered.content.decode()


def test_replies_are_counted_too(client, case, settings):
    settings.FORM_LIMIT_PER_HOUR = 1

    assert [send(client, case).status_code for _ in range(2)] == [302, 429]


def test_files_are_added_and_handed_out_to_their_requester_only(client, case):
    send(client, case, text="", new_files=[SimpleUploadedFile("shot.png", PNG)])
    file = case.messages.order_by("-pk").first().attachments.get()

    download = client.get(f"{address(case)}/files/{file.pk}")
    elsewhere = client.get(f"{address(a_case())}/files/{file.pk}")

    assert b"".join(download.streaming_content) == PNG
    assert download.headers["Content-Disposition"] == 'attachment; filename="shot.png"'
    assert elsewhere.status_code == 404


def test_sealed_files_are_named_and_not_handed_out(client, agent):
    lob = a_lob("minor-safety", seals_attachments=True)
    case = a_case(lob=lob, opened_at=timezone.now())
    kept = attachments.keep(PNG, name="shot.png", stays_sealed=True)
    (file,) = attachments.attach(case.messages.get().pk, [kept])

    page = shown(client, case)

    assert "Received and kept sealed" in page
    assert 'name="new_files"' not in page
    assert client.get(f"{address(case)}/files/{file.pk}").status_code == 404
    send(client, case, new_files=[SimpleUploadedFile("a.png", PNG)])
    assert not case.messages.order_by("-pk").first().attachments.exists()


def test_a_merged_case_leads_to_the_joint_one_of_the_same_person_only(client, case):
    leader = a_team_leader()
    mine = a_case(opened_at=timezone.now())
    theirs = a_case(opened_at=timezone.now(), email="ben@example.com")
    for one in (mine, theirs):
        merge_case(reference=one.reference, into=case.reference, by=leader, now=timezone.now())

    led = client.get(address(mine))
    assert led.status_code == 302
    assert case.reference in led.url
    assert "together with another message" in shown(client, theirs)
    assert case.reference not in shown(client, theirs)


def test_the_page_speaks_the_language_of_the_case(client, agent):
    case = a_case(assignee=agent, language="ms", opened_at=timezone.now())

    assert '<html lang="ms"' in shown(client, case)
    assert '<html lang="hi"' in client.get(address(case), {"lang": "hi"}).content.decode()


def test_broken_links_open_nothing(client, case):
    survey = links.survey_token(case.reference)
    whole = address(case)

    for bad in (whole[:-4], f"/status/{survey}", "/status/CW", "/status/%00~a~b", "/status/é~1~2"):
        answered = client.get(bad)
        assert answered.status_code == 404
        assert case.title not in answered.content.decode()
    assert client.get(whole).status_code == 200


def test_an_old_link_brings_a_new_one_to_the_known_address(client, case):
    class Earlier(signing.TimestampSigner):
        def timestamp(self):
            return signing.b62_encode(int(timezone.now().timestamp()) - 200 * 86_400)

    token = Earlier(salt="caseward.status-page", sep="~").sign(case.reference)
    Outgoing.objects.all().delete()

    expired = client.get(f"/status/{token}")
    assert expired.status_code == 410
    assert case.title not in expired.content.decode()
    for _ in range(3):
        assert client.post(f"/status/{token}/link").status_code == 200

    assert [one.kind for one in Outgoing.objects.all()] == ["ACKNOWLEDGEMENT"]


def test_the_page_costs_a_fixed_number_of_queries(client, agent, case, django_assert_num_queries):
    for _ in range(5):
        answer(agent, case)

    with django_assert_num_queries(15):
        client.get(address(case))


def test_what_is_added_here_bears_the_requesters_name(client, agent):
    opened_at = timezone.now() - HOUR
    case = a_case(assignee=agent, opened_at=opened_at, people=[Person(name="Ravi Menon")])

    send(client, case)

    assert Message.objects.filter(case=case).latest("pk").author_name == "Ravi Menon"
