"""Around escalations: a question asked back, help asked of colleagues, an incident with cases."""

from caseward.casework import services as casework
from caseward.casework.models import Case, Escalation
from caseward.casework.services import helping, incidents
from caseward.jobs.demo.scenes.stage import Stage, as_, line, person

IN_INCIDENT = 9
QUESTION = "Which of the two e-mail addresses did the requester use before the takeover?"
HELP = (
    "The requester writes that the payouts go to a new bank account since Sunday. May I ask for a"
    " lock of payouts alone, or does that need the whole account?"
)
SUMMARY = (
    "Many accounts taken over after a message that looks like ours (“your badge expires”). The page"
    " asks for the password and the code. Do not ask for screenshots of the page."
)


def play(stage: Stage) -> None:
    _ask_back(stage)
    _ask_for_help(stage)
    _open_incident(stage)
    _close_incident(stage)


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
                    answer="A lock of payouts alone is enough, and quicker. Use the tool in the"
                    " account's money page.",
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
