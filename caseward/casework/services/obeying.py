"""What the law asks to be done on a case: each act an event that moves the law's clocks."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services.clocking import hear
from caseward.casework.services.recording import record, record_in_house, refresh_urgency
from caseward.casework.services.silence import keep_silent
from caseward.ledger import queries as ledger
from caseward.ledger.models import Event
from caseward.org.models import StaffMember
from caseward.policy.legal.shapes import Preset
from caseward.sla import services as sla
from caseward.sla.models import Hold


@dataclass(frozen=True, slots=True)
class LegalAct:
    """One thing that can be said to have been done; `event` is what stages of presets wait for."""

    event: str
    label: Any
    is_in_house: bool = False
    wants_reason: bool = False  # one of the closed list of the presets of the case
    is_final: bool = False  # cannot be taken back


LEGAL_ACTS = {
    act.event: act
    for act in (
        LegalAct("interim_applied", _("The content is blocked for now")),
        LegalAct("status_notified", _("The reporter was told the status, in writing")),
        LegalAct("decided", _("Decided: the report is justified")),
        LegalAct("dismissed", _("Decided: the report is dismissed"), wants_reason=True),
        LegalAct("removed", _("The content is removed for good")),
        LegalAct("restored", _("The content is restored")),
        LegalAct("reporter_notified", _("The notice reached the reporter"), is_final=True),
        LegalAct("author_notified", _("The notice reached the author"), is_final=True),
        LegalAct("inquiry_received", _("A side asked for an inquiry")),
        LegalAct("inquiry_answered", _("The inquiry was answered")),
        LegalAct("body_opened", _("An outside body took it up")),
        LegalAct("body_answered", _("The outside body decided")),
        LegalAct("order_received", _("An order of an authority came in"), is_in_house=True),
        LegalAct("order_complied", _("The order was carried out"), is_in_house=True),
        LegalAct(
            "agency_reported",
            _("Reported to an enforcement agency"),
            is_in_house=True,
            is_final=True,
        ),
        LegalAct(
            "preservation_requested",
            _("An authority asked to preserve it"),
            is_in_house=True,
            is_final=True,
        ),
        LegalAct("not_applicable", _("This law does not apply here"), is_in_house=True),
    )
}
OPENS_AN_APPEAL, ENDS_IT = (
    ("inquiry_received", "body_opened"),
    ("inquiry_answered", "body_answered"),
)


class UnknownAct(Exception):
    """There is no such act, or it is for in-house staff."""


class ReasonNotOnTheList(Exception):
    """A report is dismissed for a reason of the law's closed list, or not at all."""


class NotAtThatTime(Exception):
    """What is told to have happened did so before the case or after now."""


class CannotTakeBack(Exception):
    """The act cannot be taken back, or something else has happened since."""


@transaction.atomic
def note_legal_act(
    *,
    reference: str,
    event: str,
    by: StaffMember,
    now: datetime,
    note: str = "",
    dismissal: str = "",
    happened_at: datetime | None = None,
    seen: int | None = None,
) -> Case:
    """Write down that something the law asks for was done; stop and start the clocks that wait.

    Args:
        happened_at: When it was, where that is not now: a notice counts from its delivery.
        dismissal: The reason, from the closed list of the presets of the case.
    Raises:
        access.CaseNotVisible, access.NotYoursToChange, access.ChangedMeanwhile: see there.
        UnknownAct, ReasonNotOnTheList, NotAtThatTime: see there.
    """
    case = access.case_to_change(reference=reference, by=by, seen=seen)
    act = LEGAL_ACTS.get(event)
    if act is None or (act.is_in_house and by.vendor_id is not None):
        raise UnknownAct(event)
    at = happened_at or now
    if not case.opened_at <= at <= now:
        raise NotAtThatTime(at.isoformat())
    if act.wants_reason and dismissal not in dismissal_reasons(case):
        raise ReasonNotOnTheList(dismissal)
    _carry_out(case, act, by, at, note, dismissal)
    refresh_urgency(case)
    case.updated_at = now
    case.save(update_fields=["urgency", "updated_at"])
    return case


def _carry_out(
    case: Case, act: LegalAct, by: StaffMember, at: datetime, note: str, dismissal: str
) -> None:
    hear(case, f"legal.{act.event}", at=at, by=by)
    write = record_in_house if act.is_in_house else record
    write(f"legal.{act.event}", case, at=at, by=by, note=note.strip()[:500], dismissal=dismissal)
    _hold_erasure(case, act, at)
    if any(preset.no_disclosure_if == act.event for preset in presets_of(case)):
        keep_silent(case, why=_words(act), by=by, now=at)


def _words(act: LegalAct) -> str:
    return str(act.label)


def _hold_erasure(case: Case, act: LegalAct, at: datetime) -> None:
    if act.event in OPENS_AN_APPEAL:
        sla.place_hold(case_id=case.pk, kind=Hold.Kind.APPEAL, why=act.event, at=at)
    elif act.event in ENDS_IT:
        sla.lift_holds(case_id=case.pk, kind=Hold.Kind.APPEAL, at=at)


def presets_of(case: Case) -> list[Preset]:
    """Return the legal presets a case falls under, each as it was when its clocks began."""
    return [match.preset for match in sla.presets_of(case)]


def dismissal_reasons(case: Case) -> list[str]:
    """Return the reasons for which a report may be dismissed; those of all its presets."""
    reasons = (reason for preset in presets_of(case) for reason in preset.dismissal_reasons)
    return list(dict.fromkeys(reasons))


def last_act(case: Case) -> Event | None:
    """Return the latest legal act on a case that the reader may see."""
    return ledger.timeline(case.pk).filter(kind__startswith="legal.").first()


@transaction.atomic
def take_back_legal_act(*, reference: str, number: int, by: StaffMember, now: datetime) -> Case:
    """Take back the latest legal act, where that is harmless: its clocks are as before it.

    Raises:
        access.CaseNotVisible, access.NotYoursToChange: see there.
        CannotTakeBack: it is final, was taken back already, or another act came after it.
    """
    case = access.case_to_change(reference=reference, by=by)
    event = last_act(case)
    act = LEGAL_ACTS.get(event.kind.removeprefix("legal.")) if event else None
    if event is None or act is None or event.seq != number or act.is_final:
        raise CannotTakeBack(reference)
    sla.undo_happened(case, event.kind, at=event.at)
    if act.event in OPENS_AN_APPEAL:
        sla.lift_holds(case_id=case.pk, kind=Hold.Kind.APPEAL, at=now)
    write = record_in_house if act.is_in_house else record
    write("legal.taken_back", case, at=now, by=by, act=event.kind, number=number)
    refresh_urgency(case)
    case.save(update_fields=["urgency"])
    return case
