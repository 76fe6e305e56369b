"""What is said when a verb on an escalation, an emergency or a request for help was refused."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from caseward.casework.emergency.raising import NoEmergency
from caseward.casework.services.asking_back import NotYoursToAnswer
from caseward.casework.services.escalating import (
    AlreadyEscalated,
    FactsMissing,
    IncidentClosed,
    NotEscalated,
)
from caseward.casework.services.helping import AskedEnough, CannotHelp, HelpIsOver
from caseward.casework.services.judging import (
    GoesNowhere,
    ReturnedTooOften,
    SentOnTooOften,
)

WORDS: dict[type[Exception], Any] = {
    AlreadyEscalated: _("Tier 2 has this case already. Nothing was changed."),
    NotEscalated: _("There is no escalation to answer here. Nothing was changed."),
    FactsMissing: _(
        "Tier 2 asks for facts that nobody gave. Nothing was changed. Choose Escalate on the case, "
        "where they are asked, and take out what a macro would escalate."
    ),
    IncidentClosed: _(
        "This incident was closed meanwhile. Nothing was changed. Escalate to tier 2 instead."
    ),
    ReturnedTooOften: _(
        "This case was returned often enough: it stays in tier 2. Settle it, or send it on."
    ),
    SentOnTooOften: _(
        "This escalation was sent on often enough. Settle it, return it, or ask a lead."
    ),
    GoesNowhere: _("It is there already. Choose another line of business or an expert."),
    NotYoursToAnswer: _(
        "This question was answered meanwhile, or somebody else escalated the case."
    ),
    CannotHelp: _(
        "This person cannot be asked about this case. Choose a colleague of yours, or a group."
    ),
    AskedEnough: _("Five questions are open on this case. Take one back, or ring somebody."),
    HelpIsOver: _("Somebody answered this, or it was taken back. Nothing was changed."),
    NoEmergency: _(
        "There is no emergency here that you can take back. Ask whoever has it in hand."
    ),
}
REFUSALS: tuple[type[Exception], ...] = tuple(WORDS)
