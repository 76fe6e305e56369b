"""What requesters do: write by mail, fill in the form, answer us, rate."""

import smtplib
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from random import Random
from urllib.parse import urlsplit

from django.utils import timezone

from caseward import settings
from caseward.casework.models import Case, Outgoing, PartyContact
from caseward.channels import links
from caseward.channels.models import Mailbox, SentMail
from caseward.jobs.demo import texts
from caseward.jobs.demo.demand import TOPICS, one_of
from caseward.jobs.demo.live import HERE, letters
from caseward.jobs.demo.live.answers import answers_to
from caseward.jobs.demo.live.pages import File, Question, Visit
from caseward.jobs.demo.stories import DOMAINS
from caseward.org.acting import Actor, acting

SYSTEM = Actor.system("demo")
TIMEOUT_SECONDS = 10
STILL_FRESH = timedelta(days=2)
AWAY = 0.06
STATUS_PAGE = 0.4
ATTACHES = 0.2
LANGUAGES = {"en": 42, "hi": 22, "ms": 16, "ta": 8, "zh": 12}
MOODS = {1: "bad", 2: "bad", 3: "mixed", 4: "good", 5: "good"}
RATINGS = {5: 38, 4: 30, 3: 14, 2: 8, 1: 10}


class Requesters:
    """Everybody out there, and which of our mails they have answered already."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._answered: set[int] = set()

    def write_a_mail(self) -> str:
        """Send a new mail to the mailbox of a line of business."""
        lob, reason, voice = self._somebody()
        letter = texts.request(reason, voice, self._random)
        mail = letters.first_letter(
            self._sender(voice),
            to=_mailbox(lob),
            subject=letter.subject,
            body=letter.body,
            random=self._random,
        )
        _send(mail)
        return f"a mail about {reason} ({voice.language})"

    def fill_in_the_form(self) -> str:
        """Send the contact form of a line of business."""
        lob, reason, voice = self._somebody()
        letter = texts.request(reason, voice, self._random)
        path = f"/help/{lob}/?lang={voice.language}"
        visit = Visit()
        questions = visit.questions(path)
        known = {
            "name": voice.name,
            "email": self._sender(voice).email,
            "message": letter.body,
            "reason": reason,
            "handle": voice.handle,
        }
        visit.post(path, answers_to(questions, known, self._random), self._files(questions))
        return f"a form about {reason} ({voice.language})"

    def visit_our_pages(self) -> str:
        """Add something to a case on its status page, or send a form."""
        with acting(SYSTEM):
            case = self._asked_long_ago() if self._random.random() < STATUS_PAGE else None
        return self._add_to(case) if case else self.fill_in_the_form()

    def _add_to(self, case: Case) -> str:
        path = urlsplit(links.status_url(case.reference)).path
        visit = Visit()
        questions = visit.questions(path)
        voice = texts.voice(case.language, self._random)
        known = {"text": texts.follow_up(_topic_of(case), voice, self._random)}
        visit.post(path, answers_to(questions, known, self._random))
        return f"more on the status page ({case.language})"

    def answer(self) -> str | None:
        """Answer one of our mails that waits for an answer; None when there is none."""
        with acting(SYSTEM):
            found = self._unanswered()
            if found is None:
                return None
            sender, topic = _sender_of(found.outgoing.case), _topic_of(found.outgoing.case)
            content = bytes(found.content)
        self._answered.add(found.pk)
        to_mail = message_from_bytes(content, EmailMessage, policy=policy.default)
        if self._random.random() < AWAY:
            _send(letters.automatic_answer(sender, to_mail=to_mail))
            return "an automatic answer"
        voice = texts.voice(sender.language, self._random)
        body = texts.follow_up(topic, voice, self._random)
        _send(letters.answer(sender, to_mail=to_mail, body=body, random=self._random))
        return f"an answer ({sender.language})"

    def rate(self) -> str | None:
        """Answer a survey; None when nobody was asked lately."""
        with acting(SYSTEM):
            case = self._unrated()
        if case is None:
            return None
        path = urlsplit(links.survey_url(case.reference)).path
        visit = Visit()
        questions = visit.questions(path)
        rating = one_of(RATINGS, self._random)
        comment = texts.comment(MOODS[rating], case.language, self._random)
        known = {"rating": str(rating), "comment": comment if self._random.random() < 0.4 else ""}
        visit.post(path, answers_to(questions, known, self._random))
        return f"a rating of {rating}"

    def _somebody(self) -> tuple[str, str, texts.Voice]:
        lob = one_of({lob: round(100 * share) for lob, (share, _) in TOPICS.items()}, self._random)
        reason = one_of(TOPICS[lob][1], self._random)
        return lob, reason, texts.voice(one_of(LANGUAGES, self._random), self._random)

    def _sender(self, voice: texts.Voice) -> letters.Sender:
        address = f"{voice.handle.removeprefix('@')}@{self._random.choice(DOMAINS)}"
        return letters.Sender(voice.name, address, voice.language)

    def _files(self, questions: dict[str, Question]) -> list[tuple[str, File]]:
        if "new_files" not in questions or self._random.random() >= ATTACHES:
            return []
        picture = letters.picture(self._random)
        return [("new_files", File("screenshot.png", "image/png", picture))]

    def _unanswered(self) -> SentMail | None:
        waiting = SentMail.objects.filter(
            outgoing__kind=Outgoing.Kind.REPLY,
            outgoing__case__status=Case.Status.PENDING,
            sent_at__gt=_now() - STILL_FRESH,
        ).exclude(pk__in=self._answered)
        return waiting.select_related("outgoing__case__reason").order_by("?").first()

    def _asked_long_ago(self) -> Case | None:
        """Return a case of the made-up history that waits for its requester: no mail was kept."""
        pending = Case.objects.filter(
            status=Case.Status.PENDING, outgoing__kind="REPLY", outgoing__sent_mail__isnull=True
        )
        return pending.select_related("reason").order_by("?").first()

    def _unrated(self) -> Case | None:
        asked = Case.objects.filter(
            survey__asked_at__gt=_now() - STILL_FRESH, survey__rating__isnull=True
        )
        return asked.order_by("?").first()


def _mailbox(lob: str) -> str:
    with acting(SYSTEM):
        mailboxes = Mailbox.objects.filter(lob__key=lob).order_by("pk")
        return mailboxes.values_list("address", flat=True)[0]


def _sender_of(case: Case) -> letters.Sender:
    contact = PartyContact.objects.select_related("party").get(
        party__case=case, party__part="REQUESTER"
    )
    return letters.Sender(contact.party.name, contact.email, case.language)


def _topic_of(case: Case) -> str:
    return case.reason.key if case.reason and case.reason.key in texts.reasons() else "lost-login"


def _send(mail: EmailMessage) -> None:
    with smtplib.SMTP(HERE, settings.SMTP_PORT, timeout=TIMEOUT_SECONDS) as server:
        server.send_message(mail)


def _now() -> datetime:
    return timezone.now()
