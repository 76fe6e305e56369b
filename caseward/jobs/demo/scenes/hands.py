"""Those whom visitors sign in as have cases in hand, some of them hidden until later."""

from datetime import timedelta

from caseward.casework import services as casework
from caseward.casework.models import Case
from caseward.casework.services.assigning import CannotTakeIt
from caseward.jobs.demo.scenes.stage import Stage, as_, person
from caseward.org.models import StaffMember
from caseward.routing import queries as routing

IN_HAND = 5
PEOPLE = {
    "aarav-khanna": "rohan-malhotra",
    "ng-kah-seng": "farid-hamzah",
    "nandini-iyer": "meera-krishnan",
}  # and who gives them their cases
SNOOZED = (
    (3, "Waits for the bank's letter; the requester has it on Friday."),
    (20, "Asked the school; they answer tomorrow morning."),
    (46, "The review of the ban is due the day after tomorrow."),
)


def play(stage: Stage) -> None:
    for key, leader in PEOPLE.items():
        _give(stage, person(key), by=person(leader))
    _snooze(stage)


def _give(stage: Stage, staff: StaffMember, *, by: StaffMember) -> None:
    """Give somebody what waits in their queues, until they have a few."""
    missing = IN_HAND - Case.objects.filter(assignee=staff, status__in=Case.WAITING).count()
    waiting = Case.objects.filter(
        assignee=None, status__in=Case.WAITING, queue_id__in=routing.own_queues(staff.pk)
    )
    for case in stage.take(waiting.filter(reason__severity__lte=2), max(missing, 0)):
        try:
            with as_(by):
                casework.assign_case(
                    reference=case.reference, by=by, to=staff, now=stage.moment(case, minutes=50)
                )
        except CannotTakeIt:
            continue


def _snooze(stage: Stage) -> None:
    """Hide one case of each of them; another stays hidden for somebody in their team."""
    for key, (hours, why) in zip(PEOPLE, SNOOZED, strict=True):
        staff = person(key)
        mine = Case.objects.filter(assignee=staff, status__in=["OPEN", "ESCALATED", "REOPENED"])
        for case in mine.order_by("-urgency", "pk")[:1]:
            with as_(staff):
                casework.snooze_case(
                    reference=case.reference,
                    by=staff,
                    until=stage.now + timedelta(hours=hours),
                    why=why,
                    now=stage.moment(case, minutes=15),
                )
