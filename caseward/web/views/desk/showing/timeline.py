"""The timeline in words. It is the ledger: nothing else is shown, nothing is left out."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop as said
from django.utils.translation import ngettext

from caseward.casework.models import Case
from caseward.channels.email.delivering import VIEWER
from caseward.ledger import queries as ledger
from caseward.ledger.models import Event
from caseward.org.models import StaffMember
from caseward.sla.models import ClockKind
from caseward.web.views.desk.showing import moments
from caseward.web.views.desk.showing.colleagues import name_for
from caseward.web.views.desk.showing.worksheets import DECISIONS

MOST_EVENTS = 100

# Kind: icon, tone, sentence. Placeholders are filled from the event's data.
SENTENCES: dict[str, tuple[str, str, str]] = {
    "case.opened": ("inbox", "new", said("Case opened")),
    "case.acknowledged": ("send", "", said("The requester was told that we have it")),
    "message.received": ("mail", "new", said("Message received")),
    "message.sent": ("send", "", said("Reply written")),
    "message.taken_back": ("undo-2", "", said("Reply taken back before it left")),
    "note.added": ("sticky-note", "", said("Note added")),
    "case.assigned": ("user-check", "", said("Given to %(to_name)s")),
    "offer.made": ("send", "", said("Offered to %(to_name)s")),
    "offer.accepted": ("user-check", "", said("%(to_name)s accepted the offer")),
    "offer.declined": ("users", "", said("%(to_name)s left it to somebody else")),
    "offer.timed_out": ("clock", "", said("%(to_name)s did not answer the offer in time")),
    "offer.withdrawn": ("undo-2", "", said("Offer to %(to_name)s withdrawn")),
    "case.released": ("users", "", said("Given back to the queue")),
    "case.moved": ("forward", "", said("Moved to another queue")),
    "case.transferred": ("forward", "", said("Transferred: %(why)s")),
    "case.resumed": ("circle-dot", "", said("Open again, clocks run on")),
    "case.resolved": ("check", "good", said("Resolved")),
    "case.reopened": ("rotate-ccw", "warn", said("Reopened")),
    "case.closed": ("archive", "", said("Closed")),
    "case.escalated": ("layers", "tier", said("Escalated to tier 2")),
    "escalation.accepted": ("user-check", "tier", said("Escalation accepted")),
    "escalation.settled": ("check-check", "tier", said("Escalation settled: %(verdict)s")),
    "escalation.returned": ("undo-2", "tier", said("Returned to tier 1: %(verdict)s")),
    "escalation.rerouted": ("forward", "tier", said("Escalation sent on: %(why)s")),
    "escalation.asked": ("message-square-text", "tier", said("Asked whoever escalated: %(text)s")),
    "escalation.answered": ("reply", "tier", said("Answered: %(text)s")),
    "escalation.kept": ("layers", "warn", said("Returned too often: it stays in tier 2")),
    "incident.joined": ("link", "", said("Belongs to the incident: %(title)s")),
    "incident.left": ("link", "", said("No longer in the incident: %(title)s")),
    "help.asked": ("users", "", said("Asked for help %(to_name)s")),
    "help.answered": ("reply", "", said("Helped: see the note")),
    "help.declined": ("ban", "", said("Could not help: %(why)s")),
    "help.withdrawn": ("undo-2", "", said("No help needed any more")),
    "emergency.raised": ("shield-alert", "warn", said("Emergency: somebody may come to harm")),
    "emergency.paged": ("bell", "warn", said("Paged %(to_name)s")),
    "emergency.page_missed": ("bell", "warn", said("Page not taken by %(to_name)s")),
    "emergency.nobody_on_call": ("circle-alert", "warn", said("Nobody is on call")),
    "emergency.paged_on": ("bell", "warn", said("The emergency is paged on")),
    "emergency.acknowledged": ("shield-check", "tier", said("Emergency taken")),
    "emergency.drafted": ("square-pen", "tier", said("Worksheet filled in")),
    "emergency.decided": ("check-check", "tier", said("Decided by two people: %(decision)s")),
    "emergency.disclosed": ("external-link", "warn", said("Disclosed to %(agency)s")),
    "emergency.ended": ("check", "good", said("Emergency ended")),
    "emergency.taken_back": ("undo-2", "", said("False alarm: all is as it was")),
    "case.merged": ("merge", "", said("Merged into %(into)s")),
    "case.merged_from": ("merge", "", said("%(duplicate)s merged into this case")),
    "case.unmerged": ("merge", "", said("Merge undone")),
    "case.linked": ("link", "", said("Linked with %(other)s")),
    "case.unlinked": ("link", "", said("No longer linked with %(other)s")),
    "case.prioritised": ("flag", "", said("Priority changed from %(before)s to %(after)s")),
    "case.recognised": ("tag", "", said("Reason changed")),
    "case.snoozed": ("clock", "", said("Snoozed: %(why)s")),
    "case.woken": ("sun", "", said("No longer snoozed")),
    "case.tagged": ("tag", "", said("Tags changed")),
    "case.reviewed": ("calendar-days", "", said("Looked at for its age: %(next_step)s")),
    "clock.missed": ("circle-alert", "warn", said("Promise missed: %(clock)s")),
    "clock.started": ("timer", "", said("Clock started: %(clock)s")),
    "clock.stopped": ("timer", "", said("Clock stopped: %(clock)s")),
    "clock.warned": ("bell", "warn", said("Warned that a promise runs out: %(clock)s")),
    "clock.lapsed": ("hourglass", "", said("Time over: %(clock)s")),
    "clock.recomputed": ("calendar-days", "", said("Deadlines moved with a calendar or promise")),
    "erasure.due": ("trash-2", "warn", said("Nothing keeps it any longer: to be erased")),
    "legal.interim_applied": ("ban", "", said("Blocked for now")),
    "legal.status_notified": ("send", "", said("The reporter was told the status")),
    "legal.decided": ("check", "", said("The report is found justified")),
    "legal.dismissed": ("x", "", said("The report is dismissed: %(dismissal)s")),
    "legal.removed": ("trash-2", "", said("Content removed")),
    "legal.restored": ("rotate-ccw", "", said("Content restored")),
    "legal.reporter_notified": ("send", "", said("The notice reached the reporter")),
    "legal.author_notified": ("send", "", said("The notice reached the author")),
    "legal.inquiry_received": ("inbox", "new", said("An inquiry was asked for")),
    "legal.inquiry_answered": ("check", "", said("The inquiry was answered")),
    "legal.body_opened": ("layers", "", said("An outside body took it up")),
    "legal.body_answered": ("layers", "", said("The outside body decided")),
    "legal.order_received": ("inbox", "warn", said("An order of an authority came in")),
    "legal.order_complied": ("check", "", said("The order was carried out")),
    "legal.agency_reported": ("shield-alert", "warn", said("Reported to an enforcement agency")),
    "legal.preservation_requested": ("lock", "", said("An authority asked to preserve it")),
    "legal.not_applicable": ("x", "", said("The law does not apply: %(note)s")),
    "legal.taken_back": ("undo-2", "", said("What the law asked for was taken back")),
    "disclosure.locked": ("lock", "warn", said("Locked for silence: %(why)s")),
    "disclosure.lifted": ("lock", "", said("The lock of silence was lifted: %(why)s")),
    "miss.explained": ("sticky-note", "", said("Why it was missed: %(text)s")),
    "miss.reopened": ("undo-2", "", said("The explanation of a miss was taken back")),
    "mail.sent": ("check-check", "good", said("Taken by the requester's mail server")),
    "mail.failed": ("circle-alert", "warn", said("Mail could not be sent")),
    "mail.bounced": ("undo-2", "warn", said("Mail came back")),
    "survey.asked": ("star", "", said("Asked what they thought")),
    "survey.answered": ("star", "good", said("Rated %(rating)s of 5")),
    "survey.declined": ("star", "", said("Wants no more surveys")),
    "playbook.step_done": ("check", "", said("Step of the playbook done: %(step)s")),
    "playbook.step_confirmed": ("shield-check", "good", said("Step confirmed: %(step)s")),
    "playbook.step_undone": ("undo-2", "", said("Step of the playbook undone: %(step)s")),
    "playbook.drop_asked": ("bell", "", said("Asked to drop the gates of an earlier reason")),
    "playbook.drop_agreed": (
        "shield-check",
        "warn",
        said("Agreed: the case was never about an earlier reason"),
    ),
    "playbook.owed_again": ("lock", "", said("The gates of an earlier reason are owed again")),
    "capacity.short": ("triangle-alert", "warn", said("Limits leave nobody for such cases")),
    "capacity.restored": ("check", "", said("Somebody may take such cases again")),
    "exposure.override_asked": ("bell", "warn", said("Somebody was asked to take it: %(why)s")),
    "exposure.override_agreed": ("user-check", "", said("Taken by consent, in spite of a limit")),
    "contact.revealed": ("eye", "warn", said("Contact details shown: %(why)s")),
}

KEPT = ("inbox", "", said("Kept in the mail viewer"))  # nothing left the machine


def events(case: Case, reader: StaffMember, *, now: datetime) -> list[dict[str, Any]]:
    """Return the newest 100 events a reader may see, newest first."""
    newest = ledger.timeline(case.pk)[:MOST_EVENTS]
    return [_event(event, reader, now) for event in newest]


def seal(count: int) -> str:
    """Say how many events the chain of a case holds."""
    return ngettext(
        "%(count)d event, chained: a changed or removed one would show.",
        "%(count)d events, chained: a changed or removed one would show.",
        count,
    ) % {"count": count}


def _event(event: Event, reader: StaffMember, now: datetime) -> dict[str, Any]:
    icon, tone, sentence = _sentence(event)
    return {
        "icon": icon,
        "tone": tone,
        "what": _(sentence) % _Words(_named(event.data, reader)),
        "who": name_for(reader, staff_id=event.actor_id, name=event.actor_name),
        "at": event.at,
        "when": moments.moment(event.at, now=now),
    }


def _sentence(event: Event) -> tuple[str, str, str]:
    if event.kind == "mail.sent" and event.data.get("via") == VIEWER:
        return KEPT
    return SENTENCES.get(event.kind, ("circle", "", event.kind))


def _named(data: dict[str, Any], reader: StaffMember) -> dict[str, Any]:
    if "to_name" not in data:
        return data
    name = name_for(reader, staff_id=data["to_id"], name=data["to_name"])
    return {**data, "to_name": name}


class _Words(dict[str, Any]):
    """The data of an event as words for its sentence; what is not known is left blank."""

    def __missing__(self, key: str) -> str:
        return ""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key) if key in self else ""
        return TRANSLATED.get(value, value) if isinstance(value, str) else value


TRANSLATED: dict[str, Any] = {
    **dict(ClockKind.choices),
    "NEEDED": lazy("needed"),
    "AVOIDABLE": lazy("avoidable"),
    "WRONG_LOB": lazy("wrong line of business"),
    **{str(code): words for code, words in DECISIONS.items()},
}
