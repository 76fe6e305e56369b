"""Our mail that comes back reaches its case; no machine is ever answered."""

from datetime import timedelta

import pytest

from caseward.casework.models import Case, Message, Outgoing
from caseward.channels.email.addressing import reply_address
from caseward.channels.email.delivering import deliver_due
from caseward.channels.email.keys import mail_key
from caseward.channels.models import MessageId, RawMail
from caseward.ledger.queries import timeline
from tests.builders import MONDAY_9AM, a_case, a_mailbox
from tests.channels.mail_samples import FOLDER, RAW
from tests.channels.post import SUPPORT, received

NOW = MONDAY_9AM + timedelta(minutes=5)
BOUNCES = sorted(FOLDER.glob("mikel/multipart_report*.eml"))

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox():
    return a_mailbox()


def a_bounce(original: str, *, status: str = "5.1.1", action: str = "failed") -> bytes:
    """A delivery report as mail servers write it, about the mail with this id."""
    return f"""From: MAILER-DAEMON@mx.example.com
To: support@caseward.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail system could not reach asha@example.com.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Final-Recipient: rfc822; asha@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} asha@example.com: no such mailbox

--b
Content-Type: text/rfc822-headers

Message-ID: <{original}>
Subject: Re: I cannot sign in

--b--
""".replace("\n", "\r\n").encode()


def a_sent_receipt() -> tuple[Case, Outgoing, str]:
    case = a_case(email="asha@example.com")
    deliver_due(NOW)
    outgoing = Outgoing.objects.get(case=case)
    return case, outgoing, MessageId.objects.get(outgoing=outgoing).value


def test_a_bounce_marks_its_mail_and_shows_on_the_case():
    case, outgoing, message_id = a_sent_receipt()

    raw = received(a_bounce(message_id), sender="", at=NOW)

    outgoing.refresh_from_db()
    assert outgoing.state == Outgoing.State.BOUNCED
    assert outgoing.problem.startswith("5.1.1")
    assert "asha@example.com" not in outgoing.problem
    assert (raw.state, raw.case) == (RawMail.State.DONE, case)
    shown = case.messages.latest("pk")
    assert (shown.is_automatic, shown.direction) == (True, Message.Direction.INBOUND)
    assert "came back" in shown.problem
    assert "mail.bounced" in [event.kind for event in timeline(case.pk)]


def test_a_bounce_without_our_id_is_found_by_the_address_it_came_to():
    case, outgoing, _message_id = a_sent_receipt()
    address = reply_address(mailbox=SUPPORT, reference=case.reference, key=mail_key())

    received(a_bounce("unknown@mx.example.com"), sender="", to=[address], at=NOW)

    outgoing.refresh_from_db()
    assert outgoing.state == Outgoing.State.BOUNCED


def test_a_bounce_opens_nothing_again():
    case, _outgoing, message_id = a_sent_receipt()
    Case.objects.filter(pk=case.pk).update(status="RESOLVED", resolved_at=MONDAY_9AM)

    received(a_bounce(message_id), sender="", at=NOW)

    case.refresh_from_db()
    assert case.status == Case.Status.RESOLVED


def test_a_second_bounce_of_one_mail_adds_nothing():
    case, _outgoing, message_id = a_sent_receipt()
    received(a_bounce(message_id), sender="", at=NOW)
    before = case.messages.count()

    raw = received(a_bounce(message_id, status="5.2.1"), sender="", at=NOW)

    assert raw.state == RawMail.State.IGNORED
    assert case.messages.count() == before


def test_a_mere_delay_changes_nothing():
    case, outgoing, message_id = a_sent_receipt()

    raw = received(a_bounce(message_id, status="4.4.1", action="delayed"), sender="", at=NOW)

    outgoing.refresh_from_db()
    assert outgoing.state == Outgoing.State.SENT
    assert (raw.state, raw.case) == (RawMail.State.IGNORED, case)


@pytest.mark.parametrize(
    "message_id",
    ["x@example.com", "cw-aaaa-aaa.1.aaaaaaaaaaaaaaaa@caseward.example"],
)
def test_a_forged_bounce_marks_nothing(message_id: str):
    _case, outgoing, _message_id = a_sent_receipt()

    raw = received(a_bounce(message_id), sender="", at=NOW)

    outgoing.refresh_from_db()
    assert outgoing.state == Outgoing.State.SENT
    assert raw.state == RawMail.State.IGNORED


@pytest.mark.parametrize("path", BOUNCES, ids=lambda path: path.stem)
def test_no_collected_bounce_is_answered_or_opens_a_case(path):
    raw = received(path.read_bytes(), sender="")

    assert raw.state == RawMail.State.IGNORED
    assert not Case.objects.exists()
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize("path", RAW, ids=lambda path: path.stem)
def test_whatever_comes_with_the_null_sender_is_never_answered(path):
    received(path.read_bytes(), sender="")

    assert not Outgoing.objects.exists()
