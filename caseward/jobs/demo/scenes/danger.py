"""One emergency of last night, decided by two people and ended. None is open."""

from caseward.casework.emergency import deciding, paging, raising
from caseward.casework.models import Case, Worksheet
from caseward.jobs.demo.scenes.stage import Stage, as_, person

ANSWERS = {
    "who": "A girl of fifteen; her name and the handle are in the case.",
    "where": "Kajang, by what she writes and by the number her mother left.",
    "what": "She was threatened with pictures and writes that she cannot go on tonight.",
    "when": "The sender set a deadline of midnight.",
    "why_imminent": "A plan, a time, and she no longer answers her mother.",
    "what_data": "Handle, the mother's number, the last place she signed in from.",
    "legal_basis": "Danger to life; our policy for emergencies, section 4.",
}


def play(stage: Stage) -> None:
    wanted = {"lob__key": "minor-safety", "country": "MY", "updated_at__lte": stage.ago(hours=7)}
    found = stage.cases(1, assignee=None, tier=2, **wanted) or stage.cases(
        1, lob__key="minor-safety"
    )
    for case in found:
        _play_on(stage, case)


def _play_on(stage: Stage, case: Case) -> None:
    taker, second = person("nurul-izzah-rahman"), person("kavitha-subramaniam")
    with as_(taker):
        emergency = raising.raise_emergency(
            reference=case.reference, by=taker, now=stage.moment(case, hours=6, minutes=40)
        )
        paging.take_emergency(
            emergency_id=emergency.pk, by=taker, now=stage.moment(case, hours=6, minutes=37)
        )
        deciding.fill_in(
            emergency_id=emergency.pk,
            by=taker,
            answers=ANSWERS,
            decision=Worksheet.Decision.DISCLOSE,
            now=stage.moment(case, hours=6, minutes=25),
        )
    with as_(second):
        deciding.approve(
            emergency_id=emergency.pk, by=second, now=stage.moment(case, hours=6, minutes=18)
        )
    with as_(taker):
        deciding.disclose(
            emergency_id=emergency.pk,
            by=taker,
            agency="Royal Malaysia Police, Kajang",
            contact="Duty officer, called back by the number of the station",
            what_data=ANSWERS["what_data"],
            now=stage.moment(case, hours=6, minutes=5),
        )
        deciding.end_emergency(emergency_id=emergency.pk, by=taker, now=stage.moment(case, hours=4))
