"""Emergencies as those in-house see them: the list, the worksheet, the pages, the disclosures."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from caseward.casework import access
from caseward.casework.emergency import deciding
from caseward.casework.models import Emergency, StaffAlert, Worksheet
from caseward.casework.services.replying import NothingToSay
from caseward.org.models import StaffMember
from caseward.web.languages import named
from caseward.web.look import brief
from caseward.web.views.desk.showing import moments

AT_ONCE = 50
LABELS = {
    "who": (
        lazy("Who is in danger, and from whom?"),
        lazy("The account and the person, as far as known."),
    ),
    "where": (lazy("Where are they?"), lazy("The place, and how sure that is.")),
    "what": (
        lazy("What is going to happen?"),
        lazy("In a sentence; describe no more than needed."),
    ),
    "when": (lazy("When?"), lazy("The time that was named, or why it is soon.")),
    "why_imminent": (lazy("Why is it imminent?"), lazy("What makes this more than possible.")),
    "what_data": (
        lazy("Which data would be disclosed?"),
        lazy("The least that lets somebody help."),
    ),
    "legal_basis": (
        lazy("On what legal basis?"),
        lazy("Such as GDPR Art. 6(1)(d), vital interests."),
    ),
}
DECISIONS = {
    Worksheet.Decision.DISCLOSE: lazy("Disclose to an agency"),
    Worksheet.Decision.WELFARE_CHECK: lazy("Ask for a welfare check"),
    Worksheet.Decision.RESOURCES: lazy("Crisis resources sent, nothing disclosed"),
    Worksheet.Decision.SAFE: lazy("The user is confirmed safe"),
    Worksheet.Decision.UNABLE: lazy("Nobody can be located"),
    Worksheet.Decision.NOT_IMMINENT: lazy("Not imminent"),
}
STATES = {
    Emergency.State.PAGING: lazy("Paging"),
    Emergency.State.IN_HAND: lazy("In hand"),
    Emergency.State.DECIDED: lazy("Decided"),
    Emergency.State.ENDED: lazy("Ended"),
    Emergency.State.FALSE_ALARM: lazy("False alarm"),
}
ALERTS = {
    StaffAlert.State.QUEUED: lazy("on its way"),
    StaffAlert.State.SENT: lazy("sent"),
    StaffAlert.State.FAILED: lazy("could not be sent"),
    StaffAlert.State.CANCELLED: lazy("not needed any more"),
}


def decisions() -> list[tuple[str, Any]]:
    return [(str(code), words) for code, words in DECISIONS.items()]


def explained(refusal: Exception) -> str:
    """Say why a worksheet stayed as it was, and what to do."""
    if isinstance(refusal, deciding.Unanswered):
        named_ = ", ".join(str(LABELS[key][0]) for key in refusal.questions)
        return _("Answer this first, then it can be approved: %(questions)s") % {
            "questions": named_
        }
    return {
        deciding.DecidedAlready: _("Two people decided already. The worksheet stays as it is."),
        deciding.NeedsAnotherPerson: _(
            "You filled it in, so somebody else has to approve it. "
            "Ask a colleague to open this page."
        ),
        deciding.RewrittenMeanwhile: _(
            "Somebody wrote it anew since you opened the page. Read it again, then approve it."
        ),
        deciding.NotDecided: _("Two people have to decide first. Nothing was changed."),
        NothingToSay: _("Write the agency, whom you spoke to and what was given."),
    }[type(refusal)]


def lists(reader: StaffMember, *, now: datetime, before: int | None) -> dict[str, Any]:
    """Return what runs, and a page of what has ended."""
    seen = Emergency.objects.filter(case__in=access.visible_cases(reader))
    seen = seen.select_related("case__lob", "raised_by", "acknowledged_by")
    running = seen.filter(state__in=Emergency.RUNNING).order_by("raised_at", "pk")
    ended = seen.exclude(state__in=Emergency.RUNNING).order_by("-pk")
    page = list(ended.filter(pk__lt=before)[: AT_ONCE + 1] if before else ended[: AT_ONCE + 1])
    older = f"{reverse('emergencies')}?before={page[AT_ONCE - 1].pk}" if len(page) > AT_ONCE else ""
    return {
        "running": [_row(each, now) for each in running],
        "ended": [_row(each, now) for each in page[:AT_ONCE]],
        "older_url": older,
        "first_url": reverse("emergencies") if before else "",
        "decide_minutes": settings.EMERGENCY_DECISION_MINUTES,
    }


def _row(emergency: Emergency, now: datetime) -> dict[str, Any]:
    due = emergency.decision_due_at
    is_open = emergency.state in {Emergency.State.PAGING, Emergency.State.IN_HAND}
    return {
        "url": reverse("emergency", args=[emergency.pk]),
        "reference": emergency.case.reference,
        "line": named(emergency.case.lob),
        "state": emergency.state,
        "state_label": STATES[Emergency.State(emergency.state)],
        "by": emergency.acknowledged_by.name if emergency.acknowledged_by else "",
        "raised_at": emergency.raised_at,
        "raised": moments.moment(emergency.raised_at, now=now),
        "left": brief(due - now) if is_open else "",
        "is_late": is_open and due <= now,
    }


def page(emergency: Emergency, reader: StaffMember, *, now: datetime) -> dict[str, Any]:
    """Return everything the page of one emergency shows."""
    sheet = emergency.worksheet
    is_running = emergency.state in Emergency.RUNNING
    is_decided = sheet.approved_by_id is not None
    return {
        **_row(emergency, now),
        "id": emergency.pk,
        "case_url": reverse("case", args=[emergency.case.reference]),
        "raised_by": emergency.raised_by.name,
        "is_running": is_running,
        "can_take": emergency.state == Emergency.State.PAGING,
        "can_write": emergency.state == Emergency.State.IN_HAND,
        "can_approve": is_running and bool(sheet.decision) and not is_decided
        and sheet.drafted_by_id != reader.pk,
        "waits_for_another": is_running and bool(sheet.decision) and not is_decided
        and sheet.drafted_by_id == reader.pk,
        "can_disclose": is_running and is_decided and sheet.decision in Worksheet.DISCLOSING,
        "can_end": emergency.state == Emergency.State.DECIDED,
        "questions": [_question(sheet, key) for key in deciding.QUESTIONS],
        "decision": sheet.decision,
        "decision_label": dict(decisions()).get(sheet.decision, ""),
        "decisions": decisions(),
        "drafted_at": sheet.drafted_at.isoformat() if sheet.drafted_at else "",
        "drafted_by": sheet.drafted_by.name if sheet.drafted_by else "",
        "approved_by": sheet.approved_by.name if sheet.approved_by else "",
        "pages": _pages(emergency, now),
        "disclosures": _disclosures(emergency, now),
        "due": moments.moment(emergency.decision_due_at, now=now),
        "due_at": emergency.decision_due_at,
        "is_mine": emergency.acknowledged_by_id == reader.pk,
        "minutes": settings.DECOMPRESSION_MINUTES,
        "problem": "",
        "typed": dict.fromkeys(("agency", "contact", "given"), ""),
    }  # fmt: skip


def _question(sheet: Worksheet, key: str) -> dict[str, Any]:
    label, hint = LABELS[key]
    return {"key": key, "label": label, "hint": hint, "answer": getattr(sheet, key)}


def _pages(emergency: Emergency, now: datetime) -> list[dict[str, Any]]:
    pages = emergency.pages.select_related("staff", "rota").prefetch_related("alerts")
    return [
        {
            "name": page.staff.name,
            "rota": page.rota.name if page.rota else _("no rota: a lead"),
            "at": page.paged_at,
            "when": moments.moment(page.paged_at, now=now),
            "state": _taken(page.acknowledged_at, page.missed_at),
            "alerts": [_sent(each) for each in page.alerts.all() if each.kind == "emergency.paged"],
        }
        for page in pages.order_by("nth")
    ]  # fmt: skip


def _sent(alert: StaffAlert) -> dict[str, Any]:
    return {
        "channel": alert.get_channel_display(),
        "state": ALERTS[StaffAlert.State(alert.state)],
        "problem": alert.problem,
    }


def _taken(acknowledged_at: datetime | None, missed_at: datetime | None) -> str:
    if acknowledged_at:
        return _("Took it")
    return _("Missed") if missed_at else _("Asked")


def _disclosures(emergency: Emergency, now: datetime) -> list[dict[str, Any]]:
    found = emergency.disclosures.select_related("disclosed_by", "approved_by").order_by("pk")
    return [
        {
            "agency": each.agency,
            "contact": each.contact,
            "what_data": each.what_data,
            "legal_basis": each.legal_basis,
            "by": each.disclosed_by.name,
            "approved_by": each.approved_by.name,
            "at": each.disclosed_at,
            "when": moments.moment(each.disclosed_at, now=now),
        }
        for each in found
    ]
