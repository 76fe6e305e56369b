"""What is due leaves once, what cannot leave says why, and nothing is lost on the way."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest

from caseward.casework.models import Attachment, Case, Outgoing, PartyContact
from caseward.casework.services import reply, take_back_reply
from caseward.channels.attachments import attach, keep
from caseward.channels.email import delivering, outbox
from caseward.channels.email.addressing import origin_of, reference_in
from caseward.channels.email.delivering import VIEWER, deliver_due
from caseward.channels.email.keys import mail_key
from caseward.channels.email.sending import Server
from caseward.channels.models import MessageId, SentMail
from caseward.ledger.queries import timeline
from caseward.org.acting import Actor, acting
from tests.builders import MONDAY_9AM, a_case, a_lob, a_mailbox, an_agent
from tests.channels.mail_samples import a_mail
from tests.channels.post import case_of, free_port, received
from tests.channels.post_office import PostOffice, open_for_mail
from tests.concurrency import at_once

NOW = MONDAY_9AM + timedelta(minutes=5)
TEN_SECONDS = timedelta(seconds=10)


@pytest.fixture
def mailbox(db):
    return a_mailbox(signatures={"en": "Lumen Support\nNever tell us your password."})


def a_reply(case: Case, text: str = "Please try again now.", *, undo: timedelta = timedelta(0)):
    agent = case.assignee
    assert agent is not None
    return reply(reference=case.reference, by=agent, text=text, now=MONDAY_9AM, undo=undo)


def an_answered_case(text: str = "Please try again now.", **fields: Any) -> Case:
    """A case whose receipt went out and whose answer is due."""
    case = a_case(assignee=an_agent(), **fields)
    Outgoing.objects.filter(case=case).delete()
    a_reply(case, text)
    return case


def sent_to(case: Case) -> EmailMessage:
    mail = SentMail.objects.filter(outgoing__case=case).latest("pk")
    found = message_from_bytes(bytes(mail.content), policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def events_of(case: Case) -> list[str]:
    return [event.kind for event in timeline(case.pk)]


@pytest.fixture
def office(settings):
    office = PostOffice()
    with open_for_mail(office) as url:
        settings.SMTP_URL = url
        yield office
        delivering.hang_up()


@pytest.fixture(autouse=True)
def nowhere(settings):
    settings.SMTP_URL = ""


def test_an_answer_carries_everything_it_needs(mailbox):
    case = an_answered_case(title="Locked out", email="asha@example.com")

    assert deliver_due(NOW) == 1

    mail = sent_to(case)
    assert mail["From"] == "Lumen Support <support@caseward.example>"
    assert mail["To"] == "Asha <asha@example.com>"
    assert mail["Subject"] == "Re: Locked out"
    assert reference_in(mail["Reply-To"].addresses[0].addr_spec, key=mail_key()) == case.reference
    outgoing = Outgoing.objects.get(case=case)
    origin = origin_of(mail["Message-ID"], key=mail_key())
    assert origin is not None
    assert (origin.reference, origin.outgoing) == (case.reference, str(outgoing.pk))
    assert "Please try again now." in text_of(mail)
    assert "Never tell us your password." in text_of(mail)
    assert (outgoing.state, outgoing.sent_at) == (Outgoing.State.SENT, NOW)
    assert "mail.sent" in events_of(case)
    assert SentMail.objects.get().via == VIEWER


def test_a_receipt_is_marked_so_that_no_program_answers_it(mailbox):
    case = a_case()

    deliver_due(NOW)

    assert sent_to(case)["Auto-Submitted"] == "auto-replied"
    assert "case.acknowledged" in events_of(case)


def test_a_survey_has_a_link_for_each_rating(mailbox):
    case = a_case(language="ms")
    Outgoing.objects.filter(case=case).update(kind=Outgoing.Kind.SURVEY)

    deliver_due(NOW)

    assert text_of(sent_to(case)).count("?rating=") == 5
    assert sent_to(case)["Content-Language"] == "ms"


def test_the_answer_continues_the_thread_of_the_mail_it_answers(mailbox):
    first = received(a_mail(Message_ID="<a@example.com>", References="<0@example.com>"))
    received(a_mail("More.", Message_ID="<b@example.com>", In_Reply_To="<a@example.com>"))

    deliver_due(NOW)

    mail = sent_to(case_of(first))
    assert mail["In-Reply-To"] == "<b@example.com>"
    assert mail["References"].split() == ["<0@example.com>", "<a@example.com>", "<b@example.com>"]


def test_the_answer_to_our_answer_finds_its_case(mailbox):
    case = an_answered_case()
    deliver_due(NOW)

    answer = a_mail("Thank you!", In_Reply_To=sent_to(case)["Message-ID"])

    assert received(answer).case == case


def test_an_answer_leaves_from_the_mailbox_that_was_written_to(mailbox):
    a_mailbox("help@caseward.example", name="Help")
    case = case_of(received(a_mail(), to=["help@caseward.example"]))

    deliver_due(NOW)

    assert sent_to(case)["From"] == "Help <help@caseward.example>"


def test_files_go_with_their_answer(mailbox):
    case = an_answered_case()
    message = case.messages.latest("pk")
    attach(message.pk, [keep(b"how to", name="how-to.txt")])
    (refused,) = attach(message.pk, [keep(b"no", name="no.txt")])
    Attachment.objects.filter(pk=refused.pk).update(state=Attachment.State.REFUSED)

    deliver_due(NOW)

    assert [part.get_filename() for part in sent_to(case).iter_attachments()] == ["how-to.txt"]


def test_nothing_leaves_before_its_time(mailbox):
    case = a_case(assignee=an_agent())
    Outgoing.objects.all().delete()
    message = a_reply(case, undo=TEN_SECONDS)

    assert deliver_due(MONDAY_9AM + timedelta(seconds=9)) == 0
    assert case.assignee is not None
    take_back_reply(message_id=message.pk, by=case.assignee, now=MONDAY_9AM)
    assert deliver_due(NOW) == 0
    assert not SentMail.objects.exists()


def test_without_an_address_the_case_is_told(mailbox):
    case = an_answered_case()
    PartyContact.objects.all().delete()

    deliver_due(NOW)

    outgoing = Outgoing.objects.get(case=case)
    assert outgoing.state == Outgoing.State.FAILED
    assert "gave no e-mail address" in outgoing.problem
    assert "mail.failed" in events_of(case)
    assert deliver_due(NOW + timedelta(days=1)) == 0


@pytest.mark.parametrize("address", ["asha", "a@b@c", "a\nBcc: eve@evil.example", "a b@c.example"])
def test_an_address_that_is_none_is_not_written_to(mailbox, address: str):
    case = an_answered_case()
    PartyContact.objects.update(email=address)

    deliver_due(NOW)

    assert Outgoing.objects.get(case=case).state == Outgoing.State.FAILED
    assert not SentMail.objects.exists()


def test_no_text_can_add_a_header(mailbox):
    case = an_answered_case(title="Hi\r\nBcc: eve@evil.example")

    deliver_due(NOW)

    assert sent_to(case)["Bcc"] is None


def test_a_mail_that_cannot_be_written_holds_up_no_other(mailbox, monkeypatch):
    bad, good = an_answered_case("BAD"), an_answered_case("Good.")
    write = delivering.write

    def failing(outgoing, *, now):
        if outgoing.message.text == "BAD":
            raise RuntimeError("a fault")
        return write(outgoing, now=now)

    monkeypatch.setattr(delivering, "write", failing)
    deliver_due(NOW)

    assert Outgoing.objects.get(case=good).state == Outgoing.State.SENT
    waiting = Outgoing.objects.get(case=bad)
    assert (waiting.state, waiting.attempts) == (Outgoing.State.QUEUED, 1)
    assert "its log says why" in waiting.problem


def test_without_a_mailbox_mail_waits(db):
    case = an_answered_case()

    deliver_due(NOW)
    assert "no mailbox" in Outgoing.objects.get(case=case).problem

    a_mailbox()
    deliver_due(NOW + timedelta(hours=1))
    assert Outgoing.objects.get(case=case).state == Outgoing.State.SENT


def test_a_mail_goes_out_over_smtp(mailbox, office: PostOffice):
    case = an_answered_case(email="asha@example.com")

    assert deliver_due(NOW) == 1

    (sender, recipients, content) = office.mails[0]
    assert recipients == ["asha@example.com"]
    assert reference_in(sender, key=mail_key()) == case.reference
    assert content == bytes(SentMail.objects.get().content)
    assert SentMail.objects.get().via.startswith("127.0.0.1:")


def test_one_connection_serves_many_mails(mailbox, office: PostOffice):
    for number in range(3):
        an_answered_case(f"Answer {number}")

    while deliver_due(NOW):
        continue

    assert (len(office.mails), office.connections) == (3, 1)


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_no_for_good_fails_with_the_servers_words(mailbox, office: PostOffice, where: str):
    case = an_answered_case()
    setattr(office, where, "550 5.1.1 No such person here")

    deliver_due(NOW)

    outgoing = Outgoing.objects.get(case=case)
    assert outgoing.state == Outgoing.State.FAILED
    assert "No such person here" in outgoing.problem
    assert "mail.failed" in events_of(case)


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_no_for_now_is_tried_again_later(mailbox, office: PostOffice, where: str):
    case = an_answered_case()
    setattr(office, where, "451 4.7.1 Greylisted")
    deliver_due(NOW)

    outgoing = Outgoing.objects.get(case=case)
    assert (outgoing.state, outgoing.attempts) == (Outgoing.State.QUEUED, 1)
    assert "Greylisted" in outgoing.problem
    assert deliver_due(NOW) == 0

    setattr(office, where, "250 OK")
    deliver_due(outgoing.send_after)
    outgoing.refresh_from_db()
    assert (outgoing.state, outgoing.problem) == (Outgoing.State.SENT, "")


def test_a_server_that_is_away_is_tried_again(mailbox, settings):
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}"
    case = an_answered_case()

    deliver_due(NOW)

    assert Outgoing.objects.get(case=case).state == Outgoing.State.QUEUED


def test_a_connection_lost_between_two_mails_is_made_anew(mailbox, settings):
    port_office = PostOffice()
    with open_for_mail(port_office) as url:
        settings.SMTP_URL = url
        an_answered_case()
        deliver_due(NOW)
        delivering._mine.courier._connection.sock.close()
        an_answered_case()
        deliver_due(NOW)
        delivering.hang_up()

    assert len(port_office.mails) == 2


def test_two_attempts_at_one_mail_have_one_id(mailbox, office: PostOffice):
    case = an_answered_case()
    deliver_due(NOW)
    Outgoing.objects.filter(case=case).update(state=Outgoing.State.QUEUED)
    SentMail.objects.all().delete()  # as if the server's yes had come and the commit had not

    deliver_due(NOW)

    first, second = (message_from_bytes(content)["Message-ID"] for _, _, content in office.mails)
    assert first == second
    assert MessageId.objects.filter(outgoing__case=case).count() == 1


def test_pauses_grow_and_end(mailbox):
    pauses = [outbox.pause_after(n, luck=0.5) for n in range(10)]

    assert pauses[:3] == [timedelta(seconds=30), timedelta(minutes=1), timedelta(minutes=2)]
    assert pauses[-1] == timedelta(hours=1)
    assert outbox.pause_after(0, luck=0) < pauses[0] < outbox.pause_after(0, luck=1)


def test_after_two_days_it_is_given_up(mailbox, settings):
    settings.SMTP_URL = f"smtp://127.0.0.1:{free_port()}"
    case = an_answered_case()
    Outgoing.objects.filter(case=case).update(attempts=outbox.MOST_ATTEMPTS - 1)

    deliver_due(NOW)

    outgoing = Outgoing.objects.get(case=case)
    assert outgoing.state == Outgoing.State.FAILED
    assert outgoing.problem.startswith("Given up")


def test_two_workers_send_a_mail_once(committed_db):
    with acting(Actor.system("tests")):
        a_mailbox()
        for number in range(6):
            a_case(lob=a_lob(), title=f"Case {number}")

    def work() -> int:
        with acting(Actor.system("worker")):
            return deliver_due(datetime(2027, 1, 1, tzinfo=NOW.tzinfo))

    assert sum(int(str(answer)) for answer in at_once([work, work])) == 6
    with acting(Actor.system("tests")):
        assert SentMail.objects.count() == 6


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.org", Server("mail.example.org", 25, False, "offered")),
        ("smtps://mail.example.org", Server("mail.example.org", 465, True, "offered")),
        (
            "smtp://me:p%40ss@mail.example.org:587",
            Server("mail.example.org", 587, False, "required", "me", "p@ss"),
        ),
        ("smtp://m.example?starttls=never", Server("m.example", 25, False, "never")),
    ],
)
def test_smtp_url_is_read(url: str, server: Server):
    assert Server.at(url) == server
    assert "p@ss" not in repr(server)


@pytest.mark.parametrize("url", ["mail.example.org", "http://x", "smtp://", "smtp://x?starttls=no"])
def test_a_wrong_smtp_url_is_told_what_is_right(url: str):
    with pytest.raises(ValueError, match="SMTP_URL must look like"):
        Server.at(url)


def test_a_password_is_never_sent_in_the_clear(mailbox, settings, office: PostOffice):
    settings.SMTP_URL = settings.SMTP_URL.replace("smtp://", "smtp://me:secret@")
    case = an_answered_case()

    deliver_due(NOW)

    assert "no STARTTLS" in Outgoing.objects.get(case=case).problem
    assert office.mails == []
