"""Mail becomes cases and messages, each exactly once, whatever order it comes in."""

from datetime import timedelta

import pytest

from caseward.casework.models import (
    Attachment,
    Case,
    Message,
    MessageOriginal,
    Outgoing,
    PartyContact,
)
from caseward.casework.services import resolve_case
from caseward.channels.attachments import path_of
from caseward.channels.email import receiving
from caseward.channels.email.addressing import message_id, reply_address
from caseward.channels.email.keys import mail_key
from caseward.channels.email.receiving import STRANGER, take_in, take_in_left_over
from caseward.channels.models import RawMail
from caseward.ledger.queries import timeline
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_mailbox,
    a_reason,
    a_share,
    a_vendor,
    an_agent,
)
from tests.channels.mail_samples import RAW, a_mail, sample
from tests.channels.post import SUPPORT, case_of, received, stored

AN_HOUR = timedelta(hours=1)
NOW = MONDAY_9AM + AN_HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailbox():
    return a_mailbox()


def address_for(case: Case, mailbox: str = SUPPORT) -> str:
    return reply_address(mailbox=mailbox, reference=case.reference, key=mail_key())


def messages_of(case: Case) -> list[Message]:
    return list(case.messages.order_by("at", "pk"))


def test_a_mail_opens_a_case_with_everything_in_it():
    reason = a_reason(key="hacked-account", priority=1, cues={"en": ["hacked"]})
    mail = a_mail("My account was hacked.", subject="Re: Help!", Message_ID="<a@example.com>")

    raw = received(mail)
    case = case_of(raw)

    assert (raw.state, raw.message) == (RawMail.State.DONE, case.messages.get())
    assert (case.title, case.channel, case.language) == ("Help!", "EMAIL", "en")
    assert (case.reason, case.priority, case.opened_at) == (reason, 1, MONDAY_9AM)
    assert case.messages.get().text == "My account was hacked."
    contact = PartyContact.objects.get(party__case=case)
    assert (contact.party.name, contact.email) == ("Asha", "asha@example.com")
    assert case.outgoing.get().kind == Outgoing.Kind.ACKNOWLEDGEMENT
    assert [event.kind for event in timeline(case.pk)] == ["case.opened"]


def test_what_only_another_line_of_business_knows_goes_there():
    safety = a_lob("minor-safety")
    a_share(a_vendor(), safety)
    a_reason(safety, "grooming", priority=1, cues={"en": ["grooming"]})

    case = case_of(received(a_mail("I saw grooming in a group.")))

    assert (case.lob, case.priority) == (safety, 1)


def test_without_a_queue_in_its_language_a_mail_waits_where_its_mailbox_does():
    case = case_of(received(a_mail("मेरा खाता बंद हो गया है, कृपया मदद कीजिए")))

    assert case.language == "en"


def test_the_language_and_country_of_a_mail_are_recognised():
    a_share(a_vendor(), a_lob(), "hi")

    case = case_of(received(a_mail("मेरा खाता बंद हो गया है, कृपया मदद कीजिए")))

    assert (case.language, case.country) == ("hi", "IN")


def test_a_reply_to_the_signed_address_goes_to_its_case():
    case = a_case()

    raw = received(a_mail("Here is more."), to=[address_for(case)])

    assert raw.case == case
    assert messages_of(case)[-1].text == "Here is more."
    assert messages_of(case)[-1].problem == ""


def test_a_reply_opens_a_resolved_case_again():
    agent = an_agent()
    case = a_case(assignee=agent)
    resolve_case(reference=case.reference, by=agent, disposition=a_disposition(), now=MONDAY_9AM)

    received(a_mail("It happened again."), to=[address_for(case)], at=NOW)

    case.refresh_from_db()
    assert case.status == Case.Status.REOPENED


def test_a_tampered_address_leads_to_no_case():
    case = a_case()
    address = address_for(case).replace("+cw", "+cx")

    assert received(to=[address]).case != case


def test_a_stranger_at_a_leaked_address_is_heard_and_flagged():
    case = a_case(email="asha@example.com")

    raw = received(a_mail("Send me the code.", sender="eve@example.net"), to=[address_for(case)])

    assert raw.case == case
    assert messages_of(case)[-1].problem == STRANGER


def test_a_reply_is_found_by_the_ids_of_our_mail():
    case = a_case()
    ours = message_id(
        reference=case.reference, outgoing="7", domain="caseward.example", key=mail_key()
    )

    assert received(a_mail(In_Reply_To=ours)).case == case
    assert received(a_mail("More.", References=f"<x@y.example> {ours}")).case == case


def test_a_second_mail_of_the_requester_joins_by_its_own_ids():
    first = received(a_mail(Message_ID="<a@example.com>"))

    second = received(a_mail("I forgot this.", In_Reply_To="<a@example.com>"))

    assert second.case == case_of(first)


def test_a_stranger_who_names_a_foreign_id_gets_a_case_of_their_own():
    first = received(a_mail(Message_ID="<a@example.com>"))

    second = received(a_mail(sender="eve@example.net", In_Reply_To="<a@example.com>"))

    assert case_of(second) != case_of(first)


def test_somebody_in_copy_who_answers_all_is_heard_and_flagged():
    first = received(a_mail(Message_ID="<a@example.com>"))
    answer = a_mail(
        "I saw it, too.",
        sender="ben@example.net",
        In_Reply_To="<a@example.com>",
        Cc="asha@example.com",
    )

    second = received(answer)

    assert second.case == case_of(first)
    assert second.message is not None
    assert second.message.problem == STRANGER


def test_an_answer_that_comes_before_its_question_ends_in_one_case():
    later = received(a_mail("P.S.", Message_ID="<b@example.com>", References="<a@example.com>"))

    earlier = received(a_mail("Hello.", Message_ID="<a@example.com>"))

    assert earlier.case == case_of(later)
    assert Case.objects.count() == 1


def test_mail_of_one_batch_finds_each_other():
    stored(a_mail("One.", Message_ID="<a@example.com>"))
    stored(a_mail("Two.", Message_ID="<b@example.com>", In_Reply_To="<a@example.com>"))

    assert take_in() == 2
    assert Case.objects.get().messages.count() == 2


def test_a_mail_that_came_by_two_ways_is_one_message():
    mail = a_mail(Message_ID="<a@example.com>")
    a_mailbox("other@caseward.example")

    first = received(mail)
    second = received(b"Received: by another.example\r\n" + mail, to=["other@caseward.example"])

    assert (second.state, second.case) == (RawMail.State.IGNORED, case_of(first))
    assert Message.objects.count() == 1


def test_a_program_that_repeats_one_id_loses_no_mail():
    received(a_mail("One.", Message_ID="<same@example.com>"))
    other = received(a_mail("Two.", Message_ID="<same@example.com>", sender="ben@example.net"))
    own = received(a_mail("Three.", Message_ID="<same@example.com>"))

    assert Case.objects.count() == 2
    assert other.case != own.case
    assert own.message is not None
    assert own.message.text == "Three."


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"X_Autoreply": "yes"}, {"Precedence": "auto_reply"}],
)
def test_an_automatic_reply_opens_nothing(headers: dict[str, str]):
    raw = received(a_mail("I am away.", **headers))

    assert (raw.state, raw.case) == (RawMail.State.IGNORED, None)
    assert not Case.objects.exists()


def test_an_automatic_reply_to_a_case_is_shown_and_wakes_nobody():
    agent = an_agent()
    case = a_case(assignee=agent)
    resolve_case(reference=case.reference, by=agent, disposition=a_disposition(), now=MONDAY_9AM)
    before = Outgoing.objects.count()

    received(a_mail("I am away.", Auto_Submitted="auto-replied"), to=[address_for(case)], at=NOW)

    case.refresh_from_db()
    assert case.status == Case.Status.RESOLVED
    assert messages_of(case)[-1].is_automatic
    assert Outgoing.objects.count() == before


def test_our_own_mail_coming_back_is_ignored():
    assert received(a_mail(X_Caseward_Loop="caseward.example")).state == RawMail.State.IGNORED
    assert received(a_mail(sender=SUPPORT)).state == RawMail.State.IGNORED
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    "mail",
    [a_mail(List_Id="<news.example.com>"), a_mail(sender="no-reply@example.com")],
)
def test_lists_and_no_reply_senders_get_a_case_and_no_receipt(mail: bytes):
    assert not case_of(received(mail)).outgoing.exists()


def test_a_flood_is_opened_in_silence():
    for number in range(8):
        received(a_mail(f"Help {number}", Message_ID=f"<{number}@example.com>"))

    assert Case.objects.count() == 8
    assert Outgoing.objects.count() == receiving.FLOOD_AN_HOUR


def test_answers_that_would_go_elsewhere_are_flagged():
    raw = received(a_mail(Reply_To="eve@evil.example"))

    assert PartyContact.objects.get(party__case=case_of(raw)).email == "eve@evil.example"
    assert "another address" in messages_of(case_of(raw))[0].problem


def test_files_are_kept_and_inline_pictures_can_be_shown():
    raw = received(sample("mikel/attachment_emails__attachment_pdf.eml"))

    attachment = Attachment.objects.get(message__case=case_of(raw))
    assert path_of(attachment.sha256).stat().st_size == attachment.size


def test_files_of_a_line_of_business_that_seals_them_stay_sealed():
    a_mailbox("safety@caseward.example", a_lob("minor-safety", seals_attachments=True))

    raw = received(
        sample("mikel/attachment_emails__attachment_pdf.eml"), to=["safety@caseward.example"]
    )

    assert Attachment.objects.get(message__case=case_of(raw)).state == Attachment.State.SEALED


def test_a_mail_no_program_can_read_is_kept_for_a_person():
    raw = received(b"\x00\x01\x02 no mail at all")

    assert raw.state == RawMail.State.KEPT
    message = case_of(raw).messages.get()
    assert "No program could read this mail" in message.problem
    kept = message.attachments.get()
    assert path_of(kept.sha256).read_bytes() == raw.content
    assert not case_of(raw).outgoing.exists()


def test_a_mail_that_fails_does_not_hold_up_the_others(monkeypatch: pytest.MonkeyPatch):
    read = receiving.read

    def failing(content: bytes, **more):
        if b"POISON" in content:
            raise RuntimeError("a bug")
        return read(content, **more)

    monkeypatch.setattr(receiving, "read", failing)
    poison = stored(a_mail("POISON"))
    good = stored(a_mail("I am fine."))

    take_in()

    poison.refresh_from_db()
    good.refresh_from_db()
    assert (good.state, poison.state) == (RawMail.State.DONE, RawMail.State.WAITING)

    for _attempt in range(3):
        take_in_left_over(before=MONDAY_9AM)
    poison.refresh_from_db()
    assert poison.state == RawMail.State.KEPT
    assert "failed three times" in case_of(poison).messages.get().problem


def test_a_disk_that_is_full_is_not_the_mails_fault(monkeypatch: pytest.MonkeyPatch):
    def full(*_args, **_more):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(receiving, "keep", full)
    raw = stored(sample("mikel/attachment_emails__attachment_pdf.eml"))

    for _attempt in range(6):
        with pytest.raises(OSError, match="No space left"):
            take_in()
        with pytest.raises(OSError, match="No space left"):
            take_in_left_over(before=NOW)
    monkeypatch.undo()
    take_in_left_over(before=NOW)

    raw.refresh_from_db()
    assert raw.state == RawMail.State.DONE


def test_details_are_masked_for_agents_and_kept_for_specialists():
    case = case_of(
        received(a_mail("Write me at asha.private@example.org, my phone is +91 98765 43210."))
    )

    message = case.messages.get()
    assert "asha.private" not in message.text
    assert "asha.private" in MessageOriginal.objects.get(message=message).text


def test_history_and_signature_are_folded_away():
    mail = a_mail("It works now.\n\n-- \nAsha\n\nOn Mon, 5 May 2025, Lumen wrote:\n> Try this.\n")

    message = case_of(received(mail)).messages.get()

    assert message.text == "It works now."
    assert "Try this." in message.quoted


@pytest.mark.parametrize("path", RAW, ids=lambda path: path.stem)
def test_every_collected_mail_goes_through(path):
    content = path.read_bytes()

    raw = received(content)

    assert raw.state in {RawMail.State.DONE, RawMail.State.IGNORED, RawMail.State.KEPT}
    assert raw.attempts == 0
    assert bytes(raw.content) == content
