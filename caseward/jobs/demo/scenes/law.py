"""Two laws are switched on, each by two people; one of them is due to be compared again."""

from datetime import timedelta

from caseward.casework import services as casework
from caseward.casework.models import Case
from caseward.casework.services.clocking import hear, look_at_law
from caseward.casework.services.recording import refresh_urgency
from caseward.jobs.demo.scenes.stage import Stage, as_, person
from caseward.policy.legal import switching
from caseward.policy.legal.loading import load
from caseward.policy.legal.models import LegalChange

SWITCHED_ON = {
    "IN-ITR-3-2-B": ("IN", ("impersonation",), "We fall under the rules since our Indian launch."),
    "MY-ONSA-22": ("MY", ("scam",), "Licensed in Malaysia; counsel agreed on 2 November."),
}
STALE = "IN-ITR-3-2-B"
ASKED_AGAIN = "MY-ONSA-21"  # waits for a second person
CASES = 5  # of each law with clocks; those that came in lately


def play(stage: Stage) -> None:
    load(now=stage.ago(days=20))
    for key, (country, reasons, why) in SWITCHED_ON.items():
        _switch_on(stage, key, why)
        for nth, case in enumerate(_fall_under(stage, country, reasons)):
            _begin(stage, case, is_done=nth % 2 == 0)
    asker = person("chong-li-ting")
    with as_(asker):
        why = "Family lines receive such reports as well; please look at the periods."
        switching.ask(
            key=ASKED_AGAIN, kind=Kind.SWITCH_ON, by=asker, why=why, now=stage.ago(days=1)
        )


Kind = LegalChange.Kind


def _switch_on(stage: Stage, key: str, why: str) -> None:
    asker, approver = person("priyanka-bhalla"), person("ananya-deshpande")
    with as_(asker):
        change = switching.ask(
            key=key, kind=Kind.SWITCH_ON, by=asker, why=why, now=stage.ago(days=9)
        )
    with as_(approver):
        switching.approve(change_id=change.pk, by=approver, now=stage.ago(days=8))
        switching.verify(
            key=key,
            by=approver,
            review_by=(stage.ago(days=3) if key == STALE else stage.ago(days=-80)).date(),
            note="Compared with the text in force.",
            now=stage.ago(days=8),
        )


def _fall_under(stage: Stage, country: str, reasons: tuple[str, ...]) -> list[Case]:
    lately = Case.objects.filter(
        status__in=Case.UNFINISHED, country=country, reason__key__in=reasons
    )
    newest = lately.order_by("-opened_at").values_list("pk", flat=True)[:CASES]
    return stage.take(Case.objects.filter(pk__in=list(newest)), CASES)


def _begin(stage: Stage, case: Case, *, is_done: bool) -> None:
    """Start what the law asks for; its receipt was confirmed, and some content is blocked."""
    at = stage.moment(case, minutes=30)
    case = Case.objects.select_for_update().get(pk=case.pk)
    if not look_at_law(case, at=at):
        return
    hear(case, "case.acknowledged", at=case.opened_at + timedelta(seconds=6))
    refresh_urgency(case)
    case.save(update_fields=["urgency"])
    if is_done:
        by = person("meera-krishnan")
        with as_(by):
            casework.note_legal_act(
                reference=case.reference,
                event="interim_applied",
                by=by,
                now=at,
                happened_at=min(case.opened_at + timedelta(minutes=38), at),
                note="Hidden in the country until it is decided.",
            )
