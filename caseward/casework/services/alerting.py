"""Telling our own people outside the desk: rows of an outbox, sent by `channels.alerts`."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.utils import translation

from caseward.casework.emergency.on_call import leads_of
from caseward.casework.models import Case, EmergencyPage, OnCallTrial, StaffAlert
from caseward.org import queries as org
from caseward.org.acting import Actor, acting
from caseward.org.languages import page_language
from caseward.org.models import StaffMember


def alert(
    staff: StaffMember,
    *,
    kind: str,
    subject: str,
    text: str,
    now: datetime,
    case: Case | None = None,
    email: str = "",
    webhook_url: str = "",
    page: EmergencyPage | None = None,
    trial: OnCallTrial | None = None,
    payload: dict[str, Any] | None = None,
) -> list[StaffAlert]:
    """Queue an e-mail to somebody, and a call of their webhook where they have one."""
    told = {"event": kind, "to": staff.key, "at": now.isoformat()}
    told |= {"case": case.reference} if case else {}
    ways = [(StaffAlert.Channel.EMAIL, email or staff.email)]
    if webhook_url:
        ways.append((StaffAlert.Channel.WEBHOOK, webhook_url))
    return StaffAlert.objects.bulk_create(
        StaffAlert(
            staff=staff, case=case, page=page, trial=trial, kind=kind, channel=channel,
            address=address, subject=subject[:200], text=text, payload={**told, **(payload or {})},
            created_at=now, send_after=now,
        )
        for channel, address in ways
    )  # fmt: skip


def alert_leads(
    case: Case, *, kind: str, words: Callable[[StaffMember], tuple[str, str]], now: datetime
) -> None:
    """Tell who leads the line of a case; as Caseward, for a vendor's staff know none of them.

    Args:
        words: Returns subject and text for one of them; it is asked in their language.
    """
    with acting(Actor.system("alerts")):
        for lead in leads_of(case.lob_id):
            with in_language_of(lead):
                subject, text = words(lead)
            alert(lead, kind=kind, case=case, subject=subject, text=text, now=now)


def in_language_of(staff: StaffMember) -> translation.override:
    """Write in the language of somebody's desk."""
    return translation.override(page_language(staff.language))


def line_for(case: Case, reader: StaffMember) -> str:
    """Return what the line of a case is called in the language of somebody's desk."""
    return org.lines_of_business()[case.lob_id].name_in(reader.language)
