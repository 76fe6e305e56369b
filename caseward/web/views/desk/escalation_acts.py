"""The verbs of escalations and of asking for help."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as lazy

from caseward.casework import services
from caseward.casework.experts import experts
from caseward.casework.services.helping import ask_for_help
from caseward.casework.services.incidents import visible_incidents
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.web.views.desk import escalation_forms as forms
from caseward.web.views.desk.act import Act, Answers


def _destination(chosen: tuple[str, int], by: StaffMember) -> dict[str, Any]:
    """Return what the domain calls the place somebody chose in a form that offered it."""
    kind, number = chosen
    places: dict[str, dict[str, Any]] = {
        "lob": {"lob": org.lines_of_business().get(number)},
        "expert": {"expert": experts().get(number)},
        "incident": {"incident": visible_incidents(by).filter(pk=number).first()},
    }
    return places.get(kind, {})


def _escalate(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.escalate_case(
        reference=ref,
        by=by,
        why=said["why"],
        tried=said["tried"],
        handover=said["handover"],
        facts=said["facts"],
        seen=seen,
        now=now,
        pickup=timedelta(minutes=settings.ESCALATION_PICKUP_MINUTES),
        most_returns=settings.ESCALATION_MOST_RETURNS,
        **_destination(said["destination"], by),
    )


def _judged(said: Answers) -> dict[str, str]:
    return {name: said[name] for name in ("verdict", "note", "quality", "quality_note")}


def _settle(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.settle_escalation(reference=ref, by=by, seen=seen, now=now, **_judged(said))


def _return(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.return_escalation(
        reference=ref,
        by=by,
        seen=seen,
        now=now,
        most_returns=settings.ESCALATION_MOST_RETURNS,
        **_judged(said),
    )


def _reroute(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.reroute_escalation(
        reference=ref,
        by=by,
        why=said["why"],
        seen=seen,
        now=now,
        pickup=timedelta(minutes=settings.ESCALATION_PICKUP_MINUTES),
        most=settings.ESCALATION_MOST_RETURNS,
        **_destination(said["to"], by),
    )


def _ask_back(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    services.ask_back(reference=ref, by=by, text=said["text"], now=now)


def _ask_help(ref: str, by: StaffMember, said: Answers, seen: int | None, now: datetime) -> None:
    kind, number, *rest = said["to"]
    if kind == "staff":
        whom: dict[str, Any] = {"to": StaffMember.objects.filter(pk=number).first()}
    else:
        whom = {"lob": org.lines_of_business().get(int(number)), "language": rest[0]}
    ask_for_help(reference=ref, by=by, question=said["question"], now=now, **whom)


ESCALATION_ACTS = {
    act.id: act
    for act in (
        Act(
            "escalate",
            lazy("Escalate"),
            lazy("Escalate"),
            forms.EscalateForm,
            "can_escalate",
            _escalate,
            lazy("Tier 2 has the case. You will see its verdict here."),
            is_goodbye=True,
        ),
        Act(
            "settle",
            lazy("Settle the escalation"),
            lazy("Settle"),
            forms.SettleForm,
            "can_answer",
            _settle,
            lazy("The case is yours to answer."),
            is_at_hand=True,
        ),
        Act(
            "return",
            lazy("Return to tier 1"),
            lazy("Return"),
            forms.ReturnForm,
            "can_answer",
            _return,
            lazy("Tier 1 has the case again, with your verdict."),
            is_at_hand=True,
            is_goodbye=True,
        ),
        Act(
            "reroute",
            lazy("Send on"),
            lazy("Send on"),
            forms.RerouteForm,
            "can_answer",
            _reroute,
            lazy("The escalation waits where it belongs. It is judged there."),
            is_goodbye=True,
        ),
        Act(
            "ask-back",
            lazy("Ask whoever escalated"),
            lazy("Ask"),
            forms.AskBackForm,
            "can_answer",
            _ask_back,
            lazy("Your question shows on the case. The case stays with you."),
        ),
        Act(
            "help",
            lazy("Ask for help"),
            lazy("Ask"),
            forms.HelpForm,
            "can_tag",
            _ask_help,
            lazy("Your question is asked. The answer comes as a note on this case."),
        ),
    )
}
