"""What a bulk action is called, and why a case was left out, in words."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caseward.casework.models import BulkAction
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.policy.macro_actions import Actions
from caseward.policy.macros import macros_for
from caseward.routing.queries import queues
from caseward.web.languages import named
from caseward.web.look import PRIORITY_LABELS
from caseward.web.views.content.action_words import sentences
from caseward.web.views.desk import snooze_times
from caseward.web.views.floor.queues import queue_name

KINDS = BulkAction.Kind
LABELS = {
    KINDS.ASSIGN: gettext_lazy("Give to a colleague"),
    KINDS.RELEASE: gettext_lazy("Give back to the queue"),
    KINDS.TRANSFER: gettext_lazy("Transfer"),
    KINDS.MOVE: gettext_lazy("Move to a queue"),
    KINDS.SNOOZE: gettext_lazy("Snooze until"),
    KINDS.PRIORITY: gettext_lazy("Change the priority"),
    KINDS.TAG: gettext_lazy("Add a tag"),
    KINDS.UNTAG: gettext_lazy("Remove a tag"),
    KINDS.NOTE: gettext_lazy("Write a note"),
    KINDS.REPLY: gettext_lazy("Answer with a macro"),
    KINDS.RESOLVE: gettext_lazy("Resolve"),
}
ICONS = {
    KINDS.ASSIGN: "user-check",
    KINDS.RELEASE: "users",
    KINDS.TRANSFER: "forward",
    KINDS.MOVE: "layers",
    KINDS.SNOOZE: "hourglass",
    KINDS.PRIORITY: "flag",
    KINDS.TAG: "tag",
    KINDS.UNTAG: "tag",
    KINDS.NOTE: "sticky-note",
    KINDS.REPLY: "send",
    KINDS.RESOLVE: "check",
}
STATES = {
    BulkAction.State.CHOOSING: gettext_lazy("Not started"),
    BulkAction.State.RUNNING: gettext_lazy("Running"),
    BulkAction.State.DONE: gettext_lazy("Done"),
    BulkAction.State.CANCELLED: gettext_lazy("Cancelled"),
    BulkAction.State.UNDOING: gettext_lazy("Being undone"),
    BulkAction.State.UNDONE: gettext_lazy("Undone"),
}
WHY = {
    "already": gettext_lazy("Nothing to change: it is so already"),
    "broke": gettext_lazy("Something went wrong; the program's log says what"),
    "cannot_take": gettext_lazy("The colleague does not work in its queue"),
    "changed": gettext_lazy("Something happened on the case since"),
    "due_before": gettext_lazy("A promise of it ends before"),
    "finished": gettext_lazy("It is finished"),
    "gone": gettext_lazy("It can no longer be seen"),
    "has_left": gettext_lazy("The answer has left"),
    "no_text": gettext_lazy("The macro has no text in its language"),
    "not_for_it": gettext_lazy("The macro may not be used on it"),
    "not_yours": gettext_lazy("Somebody else holds it"),
    "note_stays": gettext_lazy("A note stays"),
    "nowhere": gettext_lazy("Nobody serves that line of business in that language"),
    "other_lob": gettext_lazy("Cases of its line of business do not end so"),
    "refused": gettext_lazy("A rule speaks against it; open the case to see which"),
    "too_late": gettext_lazy("The moment it was to come back is over"),
    "too_many_tags": gettext_lazy("It has as many tags as a case can have"),
    "unfilled": gettext_lazy("The macro names something that is not known of it"),
}


def said(action: BulkAction) -> str:
    """Say what an action does, with its most telling detail."""
    label = str(LABELS.get(KINDS(action.kind), "")) if action.kind else _("Not decided yet")
    detail = _detail(action.kind, action.about)
    return f"{label}: {detail}" if detail else label


def _detail(kind: str, about: dict[str, Any]) -> str:
    if kind == KINDS.ASSIGN:
        found = StaffMember.objects.filter(pk=about["to"]).values_list("name", flat=True)
        return found.first() or ""
    if kind == KINDS.PRIORITY:
        return str(PRIORITY_LABELS[about["priority"]])
    if kind == KINDS.MOVE:
        return queue_name(queues()[about["queue"]])
    if kind == KINDS.SNOOZE:
        return snooze_times.said(datetime.fromisoformat(about["until"]))
    if kind == KINDS.TRANSFER:
        lob = org.lines_of_business().get(about.get("lob") or 0)
        language = about.get("language")
        parts = [named(lob) if lob else "", Language(language).label if language else ""]
        return " · ".join(str(part) for part in parts if part)
    if kind == KINDS.REPLY:
        return _macro(about["macro"])
    return str(about.get("tag") or about.get("disposition") or "")


def _macro(key: str) -> str:
    """Return what a macro is called and what it does to each case besides answering."""
    released = (version for lob_id in org.lines_of_business() for version in macros_for(lob_id))
    found = next((version for version in released if version.macro.key == key), None)
    if found is None:
        return key
    return " ".join([found.title, *sentences(Actions.read(found.actions), found.macro.lob_id)])
