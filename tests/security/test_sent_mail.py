"""The mail viewer where mail really leaves: no way round the reason one has to give."""

import pytest
from django.utils import timezone

from caseward.channels.email.delivering import deliver_due
from caseward.channels.models import SentMail
from tests.builders import a_case, a_mailbox
from tests.security.conftest import browser_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("leaves", [False, True])
def test_where_mail_leaves_the_viewer_shows_no_address_and_no_requesters_link(
    people, settings, leaves
):
    a_mailbox()
    case = a_case(email="asha@example.com")
    deliver_due(timezone.now())
    mail = SentMail.objects.get(outgoing__case=case)
    settings.SMTP_URL = "smtp://mail.example.org" if leaves else ""
    browser = browser_of(people.specialist)

    for path in ("", f"{mail.pk}", f"{mail.pk}?as=text", f"{mail.pk}?as=raw"):
        page = browser.get(f"/sent-mail/{path}").content.decode()
        assert ("asha@example.com" in page) is not leaves, path
        if leaves:
            assert f"{case.reference}~" not in page, path
    raw = browser.get(f"/sent-mail/{mail.pk}/raw")
    assert raw.status_code == (404 if leaves else 200)
    shown = browser.get(f"/sent-mail/{mail.pk}?as=text").content.decode()
    assert (f"/status/{case.reference}~" in shown) is not leaves
