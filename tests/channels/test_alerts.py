"""Alerts leave by a real mail server and to a real webhook, are signed, retried, and stay out."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from caseward.casework.emergency.paging import pass_on_missed_pages
from caseward.casework.emergency.raising import raise_emergency, take_back_emergency
from caseward.casework.models import OnCallPlace, OnCallRota, StaffAlert
from caseward.channels.alerts import webhooks
from caseward.channels.alerts.delivering import deliver_alerts
from caseward.channels.email.delivering import hang_up
from caseward.org.catalogue import look_again
from tests.builders import MONDAY_9AM, a_case, a_specialist, an_agent
from tests.channels.post_office import PostOffice, open_for_mail
from tests.channels.receiver import Receiver, listening

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
SECRET = "shared with the pager"


@pytest.fixture
def mail(settings):
    office = PostOffice()
    with open_for_mail(office) as url:
        settings.SMTP_URL = url
        yield office
        hang_up()


@pytest.fixture
def pager(settings):
    receiver = Receiver()
    settings.WEBHOOK_SECRET, settings.WEBHOOK_PRIVATE = SECRET, True
    with listening(receiver) as receiver.url:
        yield receiver


def an_emergency(*people, url=""):
    agent = an_agent()
    rota = OnCallRota.objects.create(key="south", name="South", region=agent.site.region)
    for position, person in enumerate(people):
        OnCallPlace.objects.create(rota=rota, staff=person, position=position, webhook_url=url)
    look_again()
    case = a_case(assignee=agent)
    return case, raise_emergency(reference=case.reference, by=agent, now=MONDAY_9AM)


def deliver(now=MONDAY_9AM):
    while deliver_alerts(now=now):
        pass


def states():
    return dict(StaffAlert.objects.order_by("pk").values_list("channel", "state"))


def test_a_page_arrives_by_mail_and_webhook_with_a_link_and_nothing_of_what_was_said(mail, pager):
    case, _ = an_emergency(a_specialist(email="kiran@caseward.example"), url=pager.url)

    deliver()

    ((_sender, recipients, content),) = mail.mails
    assert recipients == ["kiran@caseward.example"]
    assert case.reference.encode() in content
    ((path, _headers, body),) = pager.calls
    told = json.loads(body)
    assert (path, told["event"], told["case"]) == ("/page", "emergency.paged", case.reference)
    assert "/emergency/" in told["acknowledge_url"]
    assert b"cannot sign in" not in content + body
    assert states() == {"EMAIL": "SENT", "WEBHOOK": "SENT"}


def test_a_receiver_can_check_that_a_call_is_ours(mail, pager):
    an_emergency(a_specialist(), url=pager.url)

    deliver()

    ((_path, headers, body),) = pager.calls
    at = headers["X-Caseward-Timestamp"]
    expected = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    assert headers["X-Caseward-Signature"] == expected
    assert int(at) == int(MONDAY_9AM.timestamp())


def test_a_busy_pager_and_a_busy_mail_server_are_tried_again(mail, pager):
    an_emergency(a_specialist(), url=pager.url)
    mail.data, pager.status = "451 later", 503

    deliver()
    assert states() == {"EMAIL": "QUEUED", "WEBHOOK": "QUEUED"}
    mail.data, pager.status = "250 OK", 204
    deliver(MONDAY_9AM + timedelta(seconds=5))
    assert len(pager.calls) == 1
    deliver(MONDAY_9AM + timedelta(seconds=10))

    assert states() == {"EMAIL": "SENT", "WEBHOOK": "SENT"}
    assert len(pager.calls) == 2


@pytest.mark.parametrize("status", [301, 307, 401, 410])
def test_a_webhook_that_says_no_or_leads_elsewhere_is_not_followed(mail, pager, status):
    pager.status, pager.location = status, "http://169.254.169.254/"
    an_emergency(a_specialist(), url=pager.url)

    deliver()

    assert states() == {"EMAIL": "SENT", "WEBHOOK": "FAILED"}
    assert str(status) in StaffAlert.objects.get(channel="WEBHOOK").problem


def test_addresses_inside_are_not_called_unless_allowed(mail, pager, settings):
    settings.WEBHOOK_PRIVATE = False
    an_emergency(a_specialist(), url=pager.url)

    deliver()

    assert (states()["WEBHOOK"], pager.calls) == ("FAILED", [])
    assert "CASEWARD_WEBHOOK_PRIVATE" in StaffAlert.objects.get(channel="WEBHOOK").problem


@pytest.mark.parametrize(
    "url",
    [
        "http://10.1.2.3/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0.0.0.0/",
        "http://169.254.169.254/latest", "http://100.64.0.1/", "http://user:pw@example.org/",
        "ftp://example.org/", "http://", "http://[", "javascript:alert(1)", "http://224.0.0.1/",
    ],
)  # fmt: skip
def test_odd_and_inner_addresses_are_refused(url):
    with pytest.raises(webhooks.WebhookRefused):
        webhooks.call(url, {}, secret=b"s", at=0)


def test_a_page_not_taken_goes_to_the_next_person_within_five_minutes(mail, pager):
    ana, ben = (a_specialist(email=f"{name}@caseward.example") for name in ("ana", "ben"))
    case, _ = an_emergency(ana, ben, url=pager.url)
    deliver()

    for seconds in range(0, 330, 5):
        now = MONDAY_9AM + timedelta(seconds=seconds)
        pass_on_missed_pages(now=now, within=5 * MINUTE)
        deliver(now)
        if seconds < 300:
            assert len(mail.mails) == 1
    take_back_emergency(reference=case.reference, by=ana, now=now)
    deliver(now)

    assert [mail[1][0].split("@")[0] for mail in mail.mails] == ["ana", "ben", "ana", "ben"]
    assert b"Stand down" in mail.mails[-1][2]
    events = [json.loads(body)["event"] for _path, _headers, body in pager.calls]
    assert events == ["emergency.paged"] * 2 + ["emergency.taken_back"] * 2


def test_without_a_mail_server_mail_counts_as_sent():
    an_emergency(a_specialist())

    deliver()

    assert states() == {"EMAIL": "SENT"}


def test_an_alert_nobody_takes_for_a_day_is_given_up(mail):
    an_emergency(a_specialist())
    mail.data = "451 later"
    deliver()
    StaffAlert.objects.update(send_after=MONDAY_9AM)

    deliver(MONDAY_9AM + timedelta(hours=24))

    assert states() == {"EMAIL": "FAILED"}
