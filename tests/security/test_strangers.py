"""What somebody without an account tries at the doors that are open to everybody."""

import struct
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from caseward.casework.models import Attachment, Case, Outgoing
from caseward.casework.services import merge_case
from caseward.channels import links
from caseward.channels.attachments import keep
from caseward.channels.email.writing import write
from caseward.channels.forms import new_ticket, take_files, token_of
from tests.builders import a_case, a_form, a_lob, a_mailbox
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sIIBBBBBI", 13, b"IHDR", 8, 8, 8, 2, 0, 0, 0, 0)
HTML = b"<html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def store(settings, tmp_path):
    settings.ATTACHMENTS = tmp_path


def fetched(browser: Client, address: str):
    """Ask for a file and read it to its end, which closes it."""
    answer = browser.get(address)
    if answer.streaming:
        assert b"".join(answer.streaming_content) == PNG
    return answer


def headers(mail: bytes) -> str:
    return mail.partition(b"\r\n\r\n")[0].decode()


def test_a_form_sends_none_of_its_words_to_the_address_somebody_typed(client, people):
    """Else everybody could send their advertisement to anybody, with us as the sender."""
    a_mailbox(), a_form(a_lob())
    said = {
        "email": "victim@example.org", "name": "Win at evil.example", "who-asks": "self",
        "message": "Cheap pills at http://evil.example", "safe-to-write": "on",
        "form_ticket": new_ticket("account-security"), "reason": "lost-login",
        "symptom": "money", "handle": "evil.example",
    }  # fmt: skip

    assert client.post("/help/account-security/", said).status_code == 302

    receipt = Outgoing.objects.get(kind="ACKNOWLEDGEMENT")
    mail = write(receipt, now=timezone.now())
    assert mail.recipient == "victim@example.org"
    assert b"evil.example" not in mail.content
    assert f"Your reference: {receipt.case.reference}" in headers(mail.content)


def test_a_receipt_for_a_mail_keeps_its_subject_so_that_threads_hold(people):
    a_mailbox()
    case = a_case(title="Locked out")

    mail = write(Outgoing.objects.get(case=case), now=timezone.now())

    assert "Subject: Re: Locked out" in headers(mail.content)


def test_typing_somebodys_address_into_a_form_never_opens_their_case(client, people):
    """A form's link is shown to whoever sent it; only mail proves whose address it is."""
    now = timezone.now()
    victims = a_case(opened_at=now, text="My secret story")
    for channel, leads in [("FORM", False), ("EMAIL", True)]:
        duplicate = a_case(opened_at=now, channel=channel)
        merge_case(reference=duplicate.reference, into=victims.reference, by=people.leader, now=now)
        page = client.get(f"/status/{links.status_token(duplicate.reference)}")
        assert (page.status_code == 302) is leads, channel
        assert leads or victims.reference not in page.content.decode()


@pytest.mark.parametrize("change", ["x", "~", ""])
def test_a_link_opens_what_it_was_made_for_and_nothing_else(client, people, change):
    case, other = a_case(), a_case(title="My secret story", text="My secret story")
    status, survey = links.status_token(case.reference), links.survey_token(case.reference)
    assert client.get(f"/status/{status}").status_code == 200

    forged = status.replace(case.reference, other.reference) + change
    for address in (f"/status/{survey}", f"/status/{forged}", f"/survey/{status}"):
        page = client.get(address)
        assert page.status_code == 404, address
        assert "secret story" not in page.content.decode()


def test_a_file_is_handed_out_on_its_own_cases_page_only(client, people):
    case, other = a_case(), a_case(email="ben@example.com")
    kept = keep(PNG, name="a.png")
    file = Attachment.objects.create(
        message=case.messages.get(), name='a".png\r\nX-Evil: 1', content_type="image/png",
        size=len(PNG), sha256=kept.sha256, state="CLEAN",
    )  # fmt: skip

    for one, status in [(case, 200), (other, 404)]:
        answer = fetched(client, f"/status/{links.status_token(one.reference)}/files/{file.pk}")
        assert answer.status_code == status
    given = fetched(client, f"/status/{links.status_token(case.reference)}/files/{file.pk}")
    assert given["Content-Disposition"].startswith("attachment")
    assert "X-Evil" not in given
    assert "no-store" in given["Cache-Control"]


def test_a_file_is_not_handed_out_once_its_case_is_one_that_seals_them(client, people):
    case = a_case()
    kept = keep(PNG, name="a.png")
    file = Attachment.objects.create(
        message=case.messages.get(), name="a.png", content_type="image/png",
        size=len(PNG), sha256=kept.sha256, state="CLEAN",
    )  # fmt: skip
    addresses = {
        Client(): f"/status/{links.status_token(case.reference)}/files/{file.pk}",
        browser_of(people.specialist): f"/desk/attachment/{file.pk}",
    }
    for browser, address in addresses.items():
        assert fetched(browser, address).status_code == 200

    type(case.lob).objects.filter(pk=case.lob_id).update(seals_attachments=True)

    for browser, address in addresses.items():
        assert browser.get(address).status_code == 404
    page = Client().get(f"/status/{links.status_token(case.reference)}").content.decode()
    assert "/files/" not in page


def test_a_file_kept_by_an_open_form_is_sealed_by_one_that_seals(people):
    upload = SimpleUploadedFile("a.png", PNG, content_type="image/png")
    open_form = take_files([upload])
    tokens = [token_of(file) for file in open_form.files]

    assert [file.state for file in take_files([], kept=tokens).files] == ["CLEAN"]
    sealed = take_files([], kept=tokens, stays_sealed=True)
    assert [file.state for file in sealed.files] == ["SEALED"]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.svg", SVG), ("a.png", SVG), ("a.html", HTML), ("a.png", HTML), ("a.xhtml", HTML)],
)
def test_what_could_run_is_refused_whatever_it_is_called(people, name, content):
    assert keep(content, name=name, declared_type="image/png").state == "REFUSED"


def test_a_picture_on_the_desk_may_run_nothing(people):
    case = a_case(assignee=people.agent)
    kept = keep(PNG, name="a.png")
    file = Attachment.objects.create(
        message=case.messages.get(), name='a"\r\nSet-Cookie: x=1.png', content_type="image/png",
        size=len(PNG), sha256=kept.sha256, state="CLEAN",
    )  # fmt: skip

    given = fetched(browser_of(people.agent), f"/desk/attachment/{file.pk}")

    assert given["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "\n" not in given["Content-Disposition"]
    assert "x" not in given.cookies


def test_an_address_in_a_header_counts_only_behind_our_proxy(client, people, settings):
    a_form(a_lob())
    settings.FORM_LIMIT_PER_HOUR = 2

    def send(number):
        said = {
            "email": "a@example.org", "message": f"Hi {number}", "safe-to-write": "on",
            "who-asks": "self", "form_ticket": new_ticket("account-security"),
        }  # fmt: skip
        spoofed = {"x-forwarded-for": f"10.0.0.{number}"}
        return client.post("/help/account-security/", said, headers=spoofed).status_code

    assert [send(number) for number in range(3)] == [302, 302, 429]
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example/", "/\\evil.example"]
)
def test_nobody_is_sent_to_another_site(people, elsewhere):
    visitor = Client()

    chosen = visitor.post("/language", {"language": "ms", "next": elsewhere})
    assert "evil" not in chosen.url
    kept = browser_of(people.agent).post("/desk/filters", {"name": "x", "address": elsewhere})
    assert kept.status_code == 422


def test_another_hosts_name_is_refused(people):
    assert Client().get("/help/", headers={"host": "evil.example"}).status_code == 400


def test_signing_in_gives_a_new_session(people):
    people.agent.set_password("a long enough password")
    people.agent.save()
    browser = Client()
    browser.get("/sign-in")
    browser.cookies["sessionid"] = "a" * 32

    said = {"username": people.agent.key, "password": "a long enough password"}
    assert browser.post("/sign-in", said).status_code == 302

    assert browser.cookies["sessionid"].value != "a" * 32
    assert browser.cookies["sessionid"]["httponly"]
    assert browser.cookies["sessionid"]["samesite"] == "Lax"


@pytest.mark.parametrize("key", ['"\\000aaaaaaaaaaaa"', "x" * 5000, "'; DROP TABLE", "\\\\", ""])
def test_a_session_nobody_was_given_is_a_stranger(people, key):
    browser = Client(raise_request_exception=False)

    assert browser.get("/desk/", headers={"cookie": f"sessionid={key}"}).status_code == 302


def test_an_old_link_asks_for_a_new_one_and_reads_nothing(client, people, monkeypatch):
    case = a_case(text="My secret story")
    token = links.status_token(case.reference)
    monkeypatch.setattr(links, "STATUS_LASTS", timedelta(seconds=-1))

    page = client.get(f"/status/{token}")

    assert page.status_code == 410
    assert "secret story" not in page.content.decode()
