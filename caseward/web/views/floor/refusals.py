"""What is said when a move was refused: what happened, what it means, what to do next."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caseward.casework import access
from caseward.casework.floor import moving, saying, steering, undoing
from caseward.casework.floor.keeping import MayNotMove
from caseward.casework.models import Case
from caseward.casework.services.assigning import CannotTakeIt
from caseward.ledger import queries as ledger
from caseward.routing.borrowing import CannotBorrow, IsOver
from caseward.web.views.desk.showing.matching import cannot_take
from caseward.web.views.desk.showing.timeline import SENTENCES
from caseward.web.views.floor.times import short

REFUSALS = (
    access.ChangedMeanwhile,
    access.NotYoursToChange,
    CannotBorrow,
    CannotTakeIt,
    IsOver,
    MayNotMove,
    moving.NoOverflow,
    moving.NothingWaits,
    saying.NobodyToTell,
    steering.NotPaused,
    undoing.AlreadyUndone,
    undoing.ChangedSince,
)


def explained(refusal: Exception) -> str:
    """Return whole sentences for a refusal a lead can act on."""
    if isinstance(refusal, undoing.ChangedSince):
        return _changed_since(refusal)
    if isinstance(refusal, CannotTakeIt):
        return cannot_take(refusal.reasons)
    return {
        access.NotYoursToChange: _("You may read this case and not move it. Nothing was changed."),
        CannotBorrow: _(
            "This queue is of another employer or needs a skill this person has not. "
            "Nothing was changed. Choose somebody else."
        ),
        IsOver: _("That time has passed already. Nothing was changed. Choose a later one."),
        MayNotMove: _("This part of the floor is not yours to move. Nothing was changed."),
        moving.NoOverflow: _(
            "That queue does other work. Nothing was changed. Choose one of the list."
        ),
        moving.NothingWaits: _(
            "Nothing waits in this queue any more: somebody took or moved it first. "
            "Nothing was changed."
        ),
        saying.NobodyToTell: _("Nobody works there. Nothing was sent. Choose another part."),
        steering.NotPaused: _("Somebody resumed this queue first. Nothing was changed."),
        undoing.AlreadyUndone: _("Somebody undid this first. Nothing was changed."),
    }[type(refusal)]


def somebody_was_first(case: Case, refusal: access.ChangedMeanwhile, *, seen: int) -> str:
    """Say who did what with a case after the page was shown."""
    newer = [
        event
        for event in ledger.newer_by_others(case.pk, than=seen, actor_id=None)
        if event.kind in refusal.events
    ]
    said = {"name": newer[-1].actor_name, "at": short(newer[-1].at), "what": _what(newer[-1].kind)}
    return (
        _(
            "%(name)s was first, at %(at)s: %(what)s. Nothing was changed. "
            "Look at the case again, then decide."
        )
        % said
    )


def _what(kind: str) -> str:
    if kind == "case.assigned":
        return _("gave it to somebody")
    return _(SENTENCES[kind][2]).partition("%(")[0].strip(": ") if kind in SENTENCES else kind


def _changed_since(refusal: undoing.ChangedSince) -> str:
    if not refusal.cases:
        return _("It was changed again since. Nothing was undone. Look at what it is now.")
    words = ngettext(
        "%(cases)s was worked on since. Nothing was undone. Move it by hand.",
        "%(cases)s were worked on since. Nothing was undone. Move by hand what should go back.",
        len(refusal.cases),
    )
    return words % {"cases": ", ".join(refusal.cases[:5])}
