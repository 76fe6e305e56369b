"""Machines are told from people, and no machine is answered."""

import pytest

from caseward.channels.email.classifying import LOOP_HEADER, Kind, Verdict, classify
from caseward.channels.email.parsing import parse
from tests.channels.mail_samples import FOLDER, a_mail, sample

OWN = "caseward.example"


def verdict_on(raw: bytes, **more: str | None) -> Verdict:
    return classify(
        parse(raw),
        own_domain=OWN,
        own_addresses=["support@caseward.example"],
        envelope_from=more.get("path"),
    )


def test_a_person_is_a_person():
    assert verdict_on(a_mail(), path="asha@example.com") == Verdict(Kind.PERSON, (), True)


@pytest.mark.parametrize(
    "header",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-generated (vacation)"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"X_Autorespond": "out"},
        {"X_Loop": "somebody@example.org"},
        {"Return_Path": "<>"},
    ],
)
def test_a_header_of_an_automatic_reply_is_enough(header: dict[str, str]):
    assert verdict_on(a_mail(**header)).kind == Kind.AUTO_REPLY


def test_auto_submitted_no_is_a_person():
    assert verdict_on(a_mail(Auto_Submitted="no")).kind == Kind.PERSON


def test_the_null_sender_is_never_answered():
    assert verdict_on(a_mail(), path="").kind == Kind.AUTO_REPLY


@pytest.mark.parametrize(
    "subject", ["Automatic reply: My case", "自动回复: 我的", "Balasan automatik: kes"]
)
def test_an_automatic_subject_counts_only_with_a_second_sign(subject: str):
    assert verdict_on(a_mail(subject=subject, In_Reply_To="<a@b.example>")).kind == Kind.AUTO_REPLY
    alone = verdict_on(a_mail(subject=subject))
    assert (alone.kind, alone.may_be_answered) == (Kind.PERSON, False)


def test_lists_are_bulk():
    assert verdict_on(a_mail(List_Id="<news.example.com>")).kind == Kind.BULK
    assert verdict_on(a_mail(Precedence="bulk")).kind == Kind.BULK


def test_our_own_mail_is_a_loop():
    assert verdict_on(a_mail(**{LOOP_HEADER: OWN})).kind == Kind.LOOP
    assert verdict_on(a_mail(sender="support@caseward.example")).kind == Kind.LOOP


def test_somebody_who_takes_no_replies_gets_a_case_but_no_receipt():
    verdict = verdict_on(a_mail(sender="no-reply@shop.example"))
    assert (verdict.kind, verdict.may_be_answered) == (Kind.PERSON, False)


@pytest.mark.parametrize(
    "path", sorted(FOLDER.glob("mikel/multipart_report*.eml")), ids=lambda path: path.stem
)
def test_collected_bounces_are_bounces(path):
    verdict = verdict_on(path.read_bytes())
    assert verdict.kind == Kind.BOUNCE
    assert not verdict.may_be_answered
    assert verdict.bounce.failures
    assert verdict.bounce.original_message_ids


def test_a_full_mailbox_is_temporary_and_an_unknown_user_is_permanent():
    full = verdict_on(sample("mikel/multipart_report_emails__report_422.eml")).bounce
    unknown = verdict_on(sample("mikel/multipart_report_emails__report_530.eml")).bounce
    assert (full.failures[0].recipient, full.is_permanent) == ("fraser@oooooooo.com.au", False)
    assert (unknown.failures[0].recipient, unknown.is_permanent) == ("edwin@zzzzzzz.com", True)


COPY = "Message-ID: <x1@caseward.example>"
PROSE_BOUNCES = {
    "qmail": (
        "MAILER-DAEMON@mx.example",
        "failure notice",
        "Hi. This is the qmail-send program at mx.example.\nI'm afraid I wasn't able to deliver "
        "your message to the following addresses.\n\n<gone@example.org>:\nSorry, no mailbox "
        "here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n" + COPY,
    ),
    "exim": (
        "Mail Delivery System <Mailer-Daemon@mx.example>",
        "Mail delivery failed: returning message to sender",
        "This message was created automatically by mail delivery software.\n\nA message you sent "
        "could not be delivered to one or more of its recipients.\n\n  gone@example.org\n    550 "
        "5.1.1 User unknown\n\n------ This is a copy of the message ------\n\n" + COPY,
    ),
    "postfix": (
        "MAILER-DAEMON@mx.example (Mail Delivery System)",
        "Undelivered Mail Returned to Sender",
        "<gone@example.org>: host mx.example.org said: 550 5.1.1 User unknown\n\n" + COPY,
    ),
    "exchange": (
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@mx.example>",
        "Undeliverable: Your request",
        "Delivery has failed to these recipients or groups:\n\ngone@example.org\nThe address could "
        "not be found. 550 5.1.10\n\n" + COPY,
    ),
}


@pytest.mark.parametrize("name", PROSE_BOUNCES)
def test_bounces_in_prose_are_read(name: str):
    sender, subject, text = PROSE_BOUNCES[name]
    verdict = verdict_on(a_mail(text, sender=sender, subject=subject))
    assert verdict.kind == Kind.BOUNCE
    assert [(f.recipient, f.is_permanent) for f in verdict.bounce.failures] == [
        ("gone@example.org", True)
    ]
    assert verdict.bounce.original_message_ids == ("x1@caseward.example",)


def test_a_person_asking_about_a_bounce_is_a_person():
    raw = a_mail(
        "I got 'Undelivered Mail Returned to Sender', what now?", subject="Re: my mail bounced"
    )
    assert verdict_on(raw, path="asha@example.com").kind == Kind.PERSON


def test_news_of_a_delivery_is_no_bounce():
    raw = sample("mikel/multipart_report_emails__report_530.eml").replace(
        b"Action: failed", b"Action: relayed"
    )
    assert verdict_on(raw).kind == Kind.AUTO_REPLY
