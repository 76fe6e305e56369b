"""The mail viewer shows what was sent to in-house staff, and to nobody else."""

from django.test import Client
from django.urls import reverse

from caseward.channels.email.delivering import deliver_due
from caseward.channels.models import SentMail
from tests.builders import MONDAY_9AM, a_case, a_lob, a_mailbox, a_specialist, an_agent


def signed_in(staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def a_sent_mail(**case) -> SentMail:
    a_mailbox()
    made = a_case(**case)
    deliver_due(MONDAY_9AM)
    return SentMail.objects.get(outgoing__case=made)


def test_in_house_staff_see_what_was_sent(db):
    mail = a_sent_mail(title="Locked out", email="asha@example.com")

    page = signed_in(a_specialist()).get(reverse("sent-mails")).content.decode()

    assert "asha@example.com" in page
    assert "Re: Locked out" in page
    assert mail.outgoing.case.reference in page


def test_a_mail_is_shown_in_a_frame_that_may_run_nothing(db):
    mail = a_sent_mail()

    page = signed_in(a_specialist()).get(reverse("sent-mail", args=[mail.pk])).content.decode()

    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    assert "srcdoc=" in page
    assert "<script src" not in page.partition("srcdoc")[2].partition("</iframe>")[0]


def test_a_mail_is_shown_as_text_and_raw(db):
    mail = a_sent_mail()
    client, address = signed_in(a_specialist()), reverse("sent-mail", args=[mail.pk])

    assert "We have received your message." in client.get(f"{address}?as=text").content.decode()
    assert "Message-ID:" in client.get(f"{address}?as=raw").content.decode()
    assert client.get(reverse("sent-mail-raw", args=[mail.pk])).content == bytes(mail.content)


def test_a_vendors_staff_are_told_that_there_is_no_such_page(db):
    mail = a_sent_mail()
    client = signed_in(an_agent())

    assert client.get(reverse("sent-mails")).status_code == 404
    assert client.get(reverse("sent-mail", args=[mail.pk])).status_code == 404
    assert client.get(reverse("sent-mail-raw", args=[mail.pk])).status_code == 404


def test_mail_of_another_line_of_business_is_not_shown(db):
    mail = a_sent_mail(lob=a_lob("minor-safety"))
    client = signed_in(a_specialist(a_lob("account-security")))

    assert mail.recipient not in client.get(reverse("sent-mails")).content.decode()
    assert client.get(reverse("sent-mail", args=[mail.pk])).status_code == 404


def test_who_is_not_signed_in_is_asked_to(db):
    assert Client().get(reverse("sent-mails")).status_code == 302


def test_mail_whose_bytes_are_no_longer_kept_still_shows_that_it_was_sent(db):
    mail = a_sent_mail(title="Locked out")
    SentMail.objects.update(content=b"")
    client = signed_in(a_specialist())

    assert "Locked out" in client.get(reverse("sent-mails")).content.decode()
    page = client.get(reverse("sent-mail", args=[mail.pk])).content.decode()
    assert "no longer kept" in page


def test_the_list_goes_on_where_it_ended(db):
    for _ in range(51):
        a_sent_mail()
    client = signed_in(a_specialist())

    first = client.get(reverse("sent-mails"))
    second = client.get(first.context["next_url"])

    assert len(first.context["rows"]) == 50
    assert len(second.context["rows"]) == 1
    assert second.context["next_url"] == ""


def test_a_page_of_mail_costs_a_fixed_number_of_queries(db, django_assert_max_num_queries):
    for _ in range(20):
        a_sent_mail()
    client = signed_in(a_specialist())

    with django_assert_max_num_queries(20):
        client.get(reverse("sent-mails"))
