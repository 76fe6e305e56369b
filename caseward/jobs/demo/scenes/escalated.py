"""Around escalations: a question asked back, help asked of colleagues, an incident with cases."""

from caseward.casework import services as casework
from caseward.casework.models import Case, Escalation
from caseward.casework.services import helping, incidents
from caseward.jobs.demo import texts
from caseward.jobs.demo.people import PEOPLE
from caseward.jobs.demo.scenes.stage import Stage, as_, line, person
from caseward.policy.escalation_templates import Fact, facts_of

IN_INCIDENT, JUST_ESCALATED = 9, 6
LINES = ("account-security", "platform-integrity")
VISITORS = [who.key for who in PEOPLE]
EXAMPLES = {
    "text": "@quiet.lantern42",
    "lines": "https://lumen.example/quiet.lantern42",
    "link": "https://lumen.example/quiet.lantern42",
    "yes_no": "yes",
}
QUESTION = "Which of the two e-mail addresses did the requester use before the takeover?"
HELP = (
    "The requester asks for the third time how long it takes. May I name a day, or does that give"
    " away how we look at it?"
)
ANSWER = "Say two working days, and nothing of who decides. There is a macro for it."
SUMMARY = (
    "Many accounts taken over after a message that looks like ours (“your badge expires”). The page"
    " asks for the password and the code. Do not ask for screenshots of the page."
)


def play(stage: Stage) -> None:
    _escalate(stage)
    _ask_back(stage)
    _ask_for_help(stage)
    _open_incident(stage)
    _close_incident(stage)


def _escalate(stage: Stage) -> None:
    """Some cases reached tier 2 within the hour: nobody has accepted them yet."""
    at_work = {"tier": 1, "assignee__isnull": False, "lob__key__in": LINES}
    open_ones = Case.objects.filter(status__in=["OPEN", "REOPENED"], language__in=("en", "hi"))
    found = open_ones.filter(**at_work).exclude(assignee__key__in=VISITORS)
    for nth, case in enumerate(stage.take(found, JUST_ESCALATED)):
        by, said = case.assignee, texts.handover(case.lob.key, stage.random)
        assert by is not None
        asked = facts_of(case.lob_id, case.reason_id)
        with as_(by):
            casework.escalate_case(
                reference=case.reference,
                by=by,
                why=said.summary,
                tried=said.tried,
                facts={fact.key: _answer(fact, case) for fact in asked},
                now=stage.moment(case, minutes=50 - 7 * nth),
            )


def _answer(fact: Fact, case: Case) -> str:
    if fact.kind == "date":
        return case.opened_at.date().isoformat()
    return fact.choices[0][0] if fact.choices else EXAMPLES[fact.kind]


def _ask_back(stage: Stage) -> None:
    """Tier 2 asks the raiser about two escalations they accepted; one of them was answered."""
    running = Escalation.objects.filter(
        ended_at=None, accepted_by__isnull=False, raised_by__isnull=False
    ).order_by("pk")
    accepted = running.exclude(case__status="PENDING").select_related("case", "accepted_by")
    for nth, escalation in enumerate(accepted[:2]):
        case, asker = escalation.case, escalation.accepted_by
        assert asker is not None and escalation.raised_by is not None
        with as_(asker):
            question = casework.ask_back(
                reference=case.reference,
                by=asker,
                text=QUESTION,
                now=stage.moment(case, minutes=40),
            )
        if nth == 0:
            with as_(escalation.raised_by):
                casework.answer_question(
                    reference=case.reference,
                    question_id=question.pk,
                    by=escalation.raised_by,
                    text="The one ending in example.org; the other one was added on Sunday night.",
                    now=stage.moment(case, minutes=12),
                )


def _ask_for_help(stage: Stage) -> None:
    """One question is open to tier 2, one was answered."""
    lob, language = line("account-security"), "en"
    mine = Case.objects.filter(
        assignee__key="aarav-khanna", lob=lob, status__in=["OPEN", "REOPENED"]
    ).order_by("pk")
    others = Case.objects.filter(
        assignee__team__key="northstar-security", lob=lob, status__in=["OPEN", "REOPENED"]
    ).exclude(assignee__key="aarav-khanna")
    for nth, case in enumerate([*mine[:1], *others.order_by("pk")[:1]]):
        asker = case.assignee
        assert asker is not None
        with as_(asker):
            asked = helping.ask_for_help(
                reference=case.reference,
                by=asker,
                question=HELP,
                now=stage.moment(case, minutes=25),
                lob=lob,
                language=language,
            )
        if nth == 1:
            expert = person("nandini-iyer")
            with as_(expert):
                helping.answer_help(
                    help_id=asked.pk,
                    by=expert,
                    answer=ANSWER,
                    now=stage.moment(case, minutes=8),
                )


def _open_incident(stage: Stage) -> None:
    lead = person("priyanka-bhalla")
    cases = stage.cases(IN_INCIDENT, lob__key="account-security", reason__key="hacked-account")
    with as_(lead):
        incident = incidents.open_incident(
            by=lead,
            title="“Your badge expires”: passwords fished",
            lob=line("account-security"),
            summary=SUMMARY,
            now=stage.ago(hours=30),
        )
        for case in cases:
            incidents.add_case(
                incident_id=incident.pk,
                reference=case.reference,
                by=lead,
                now=stage.moment(case, hours=2),
            )


def _close_incident(stage: Stage) -> None:
    lead = person("priyanka-bhalla")
    with as_(lead):
        incident = incidents.open_incident(
            by=lead,
            title="Codes by text message arrived an hour late",
            lob=line("account-security"),
            now=stage.ago(days=12),
        )
        incidents.close_incident(
            incident_id=incident.pk,
            by=lead,
            note="The provider mended it on the same day; everybody was told.",
            now=stage.ago(days=11),
        )
