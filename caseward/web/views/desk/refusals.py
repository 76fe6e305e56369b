"""What is said when a verb was refused: what happened, what it means, what to do next."""

from django.utils.translation import gettext as _

from caseward.casework import access, services
from caseward.casework.services.assigning import CannotTakeIt, MustRest
from caseward.casework.services.macros import NoSuchEnding
from caseward.casework.services.merging import CannotMerge
from caseward.casework.services.playbook import StepsMissing
from caseward.casework.services.resolving import NotResolved
from caseward.casework.services.silence import MayNotLift, MustKeepSilent, NoReasonGiven
from caseward.casework.services.snoozing import NoReason, NotWhen
from caseward.routing.services import NowhereToWait
from caseward.web.views.desk.escalation_refusals import WORDS
from caseward.web.views.desk.showing.matching import cannot_take
from caseward.web.views.desk.showing.playbook import steps_missing
from caseward.web.views.desk.showing.timeline import SENTENCES


def explained(refusal: Exception) -> str:
    """Return whole sentences for a refusal a person can act on."""
    if isinstance(refusal, access.ChangedMeanwhile):
        return _changed(refusal)
    if isinstance(refusal, StepsMissing):
        return steps_missing(refusal)
    if type(refusal) in WORDS:
        return str(WORDS[type(refusal)])
    if isinstance(refusal, CannotTakeIt):
        return cannot_take(refusal.reasons)
    if isinstance(refusal, MustRest):
        return _(
            "Nothing is handed out while you are in training or decompressing. Take your time; "
            "say that you are available when you are."
        )
    return {
        access.NotYoursToChange: _(
            "Somebody else holds this case now. Nothing was changed. Ask them, or write a note."
        ),
        services.AlreadyResolved: _(
            "A colleague resolved this case first. Nothing was changed. Reopen it to go on."
        ),
        services.NothingToSay: _("Nothing was written. Write what you want to say first."),
        services.TooLate: _(
            "It is too late to take this back: the reply has left or the case has moved on."
        ),
        NotResolved: _("This case is not resolved. Nothing was changed."),
        NowhereToWait: _(
            "Nobody serves that line of business in that language here. Choose another."
        ),
        NoSuchEnding: _(
            "This macro ends the case in a way that is no longer offered. Nothing was sent. "
            "Take its actions out, choose how the case ended, and tell its author."
        ),
        NotWhen: _("This moment is past or too far away. Nothing was changed. Choose another."),
        NoReason: _("Nothing says why. Write a reason first."),
        MustKeepSilent: _(
            "This answer tells of a report to an authority. Nothing was sent. Leave that out; what "
            "may be said of such a report is for a delivery lead to decide."
        ),
        MayNotLift: _(
            "Only a delivery lead, a regional lead or the global head lifts this lock. Nothing was "
            "changed. Ask one of them."
        ),
        NoReasonGiven: _("Nothing says why. Write a reason first."),
        CannotMerge: _(
            "These two cannot be merged: one is finished or merged already, or they are one case."
        ),
    }[type(refusal)]


def _changed(refusal: access.ChangedMeanwhile) -> str:
    happened = [_(SENTENCES[kind][2]).partition("%(")[0].strip(": ") for kind in refusal.events]
    return _(
        "Somebody else changed this case while you wrote (%(events)s). Your text is kept and "
        "nothing was sent. Read what is new, then send again."
    ) % {"events": ", ".join(happened[:3])}
