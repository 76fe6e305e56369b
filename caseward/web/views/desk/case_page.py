"""Everything the case page shows, gathered with a fixed number of queries."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from caseward.casework import access
from caseward.casework.hanging import hanging_on
from caseward.casework.models import Case
from caseward.casework.services import drafting
from caseward.ledger import queries as ledger
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.org.queries import name_of_leader
from caseward.policy import queries as policy
from caseward.routing import queries as routing
from caseward.web.languages import named
from caseward.web.look import PRIORITY_CODES, PRIORITY_LABELS
from caseward.web.views.desk import acts, snooze_times
from caseward.web.views.desk.showing import (
    conversation,
    emergencies,
    escalations,
    helping,
    law,
    limits,
    macros,
    note_templates,
    people,
    playbook,
    promises,
    timeline,
)
from caseward.web.views.desk.showing.colleagues import name_for


def case_of(reference: str, reader: StaffMember) -> Case:
    """Return a case for reading, with what its page names.

    Raises:
        access.CaseNotVisible: no such case, or not this person's.
    """
    found = access.visible_cases(reader).select_related("assignee", "snoozed_by", "disposition")
    case = found.prefetch_related("parties").filter(reference=reference).first()
    if case is None:
        raise access.CaseNotVisible(reference)
    _name(case)
    return case


def _name(case: Case) -> None:
    """Fill in what is kept in memory of the configuration a case names."""
    case.lob = org.lines_of_business()[case.lob_id]
    case.queue = routing.queues()[case.queue_id]
    case.reason = policy.reasons().get(case.reason_id or 0)
    case.vendor = org.vendors().get(case.vendor_id or 0)


def head(case: Case, reader: StaffMember) -> dict[str, Any]:
    """Return what a case is called and what the reader may do with it."""
    may_change = access.may_change(case, reader)
    is_running = not case.is_finished
    may_work = may_change and is_running
    is_mine = case.assignee_id == reader.pk
    return {
        "reference": case.reference,
        "subject": case.title or _("(no subject)"),
        "status": case.status,
        "status_label": case.get_status_display(),
        "priority": PRIORITY_CODES[case.priority],
        "priority_label": PRIORITY_LABELS[case.priority],
        "lob_label": named(case.lob),
        "reason_label": named(case.reason) if case.reason else _("reason not known"),
        "language": case.language,
        "language_label": Language(case.language).label,
        "opened_at": case.opened_at,
        "assignee_name": _assignee(case, reader),
        "is_mine": is_mine,
        "can_take": may_work and not is_mine and case.tier == reader.tier,
        "can_release": may_work and case.assignee_id is not None,
        "can_reply": may_work,
        "can_transfer": may_work,
        "can_escalate": may_work and (case.tier == 1 or _may_go_further(case, reader)),
        "can_alarm": case.merged_into_id is None,
        "can_resolve": may_work,
        "can_snooze": may_work,
        "snoozed": _snoozed(case, reader),
        "can_reopen": may_change and case.is_finished and not case.merged_into_id,
        "can_unmerge": may_change and case.merged_into_id is not None,
        "can_tag": may_change,
        "can_sort": may_work,
        "can_reveal": reader.vendor_id is None,
        "version": ledger.last_number(case.pk),
    }


def _may_go_further(case: Case, reader: StaffMember) -> bool:
    """Say whether tier 2 may escalate a case itself: nothing of it waits to be judged."""
    if reader.vendor_id:
        return False
    return not case.escalations.filter(ended_at__isnull=True).exists()


def _dispositions(case: Case) -> list[tuple[str, str]]:
    found = policy.dispositions_of(case.lob_id)
    return [(disposition.key, named(disposition)) for disposition in found]


def _assignee(case: Case, reader: StaffMember) -> str:
    if case.assignee_id is None:
        return ""
    if case.assignee:
        return case.assignee.name
    return name_of_leader(reader, case.assignee_id) or _("In-house specialist")


def _snoozed(case: Case, reader: StaffMember) -> dict[str, str] | None:
    if case.snoozed_until is None:
        return None
    return {
        "until": snooze_times.said(case.snoozed_until),
        "why": case.snoozed_why,
        "who": name_for(
            reader,
            staff_id=case.snoozed_by_id,
            name=case.snoozed_by.name if case.snoozed_by else "",
        ),
    }


def page(request: HttpRequest, case: Case, reader: StaffMember, now: datetime) -> dict[str, Any]:
    shown, has = head(case, reader), hanging_on(case, reader)
    said = conversation.messages_of(case, has_duplicates=has.duplicates)
    may_tell = shown["can_reply"] and shown["can_alarm"]
    undo = conversation.undo_of(said, case, reader, now=now, seconds=settings.UNDO_SECONDS)
    clocks = promises.kept(case)
    return {
        "case": shown,
        "days": conversation.days(said, case, reader),
        "draft": (has.draft and drafting.draft_of(case=case, staff=reader)) or {"text": ""},
        "parties": people.parties(case),
        "facts": people.facts(case, now=now),
        "playbook": {**playbook.playbook(case, reader, now=now), "problem": ""},
        "clocks": promises.clocks(clocks, now=now),
        "law": law.law(case, clocks, reader),
        "tags": case.tags,
        "links": people.links(case, reader) if has.relations else [],
        "events": timeline.events(case, reader, now=now),
        "seal": timeline.seal(shown["version"]),
        "escalation": escalations.newest(case, reader, now=now) if has.escalations else None,
        "emergency": emergencies.on_case(case, reader, now=now) if has.emergencies else None,
        "crisis_text": emergencies.crisis_text(case, reader, now=now) if may_tell else "",
        "help": helping.on_case(case, reader, now=now) if has.open_questions else [],
        "undo": undo,
        "sent_words": _("Your reply leaves in a moment."),
        "recipient": people.recipient(case),
        "is_masked": True,
        "limit": limits.limit(case, reader, now=now),
        "kind": "REPLY",
        "macros": macros.macros(case, reader, timezone.localdate(now)),
        "chosen_macros": [],
        "note_templates": note_templates.note_templates(case, reader, timezone.localdate(now)),
        "acts": acts.offered(case, shown, reader),
        "rating": getattr(case, "survey", None),
        "back_url": reverse("my-cases"),
        "dispositions": _dispositions(case),
        "can_hide_note": reader.vendor_id is None,
        "conflict": "",
        "form_errors": [],
        "swapped": False,
    }
