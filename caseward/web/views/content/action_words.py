"""What a macro does besides saying something, in sentences."""

from django.utils.translation import gettext as _

from caseward.policy import queries as policy
from caseward.policy.macro_actions import PENDING, RESOLVE, Actions
from caseward.web.languages import named
from caseward.web.look import PRIORITY_LABELS


def sentences(actions: Actions, lob_id: int | None, language: str = "en") -> list[str]:
    """Return one sentence for each thing that sending a macro does to the case."""
    said = []
    if actions.reason:
        said.append(_("Change the reason to %(name)s.") % {"name": _reason(actions, lob_id)})
    if actions.priority:
        label = PRIORITY_LABELS[actions.priority]
        said.append(_("Change the priority to %(name)s.") % {"name": label})
    if actions.add_tags:
        said.append(_("Add the tags %(tags)s.") % {"tags": ", ".join(actions.add_tags)})
    if actions.remove_tags:
        said.append(_("Take away the tags %(tags)s.") % {"tags": ", ".join(actions.remove_tags)})
    return [*said, *_then(actions, lob_id)]


def _then(actions: Actions, lob_id: int | None) -> list[str]:
    if actions.then == PENDING:
        return [_("Wait for the requester; clocks are held.")]
    if actions.then == RESOLVE:
        return [_("Resolve the case as %(name)s.") % {"name": _ending(actions, lob_id)}]
    return [_("Escalate to tier 2.")] if actions.escalate_why else []


def _reason(actions: Actions, lob_id: int | None) -> str:
    known = {reason.key: reason for reason in policy.reasons_of(lob_id or 0)}
    return named(known[actions.reason]) if actions.reason in known else actions.reason


def _ending(actions: Actions, lob_id: int | None) -> str:
    known = {ending.key: ending for ending in policy.dispositions_of(lob_id or 0)}
    found = known.get(actions.disposition)
    return named(found) if found else actions.disposition
