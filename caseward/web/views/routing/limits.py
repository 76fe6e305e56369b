"""How much people hold, what is held back and what counts how much, in words."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any, NamedTuple

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.utils.translation import gettext_noop as said

from caseward.casework.models import Case
from caseward.core.matching import USUAL, Weights
from caseward.routing.rules.content import Room
from caseward.routing.standing import UNITS_IN_ALL
from caseward.web.look import brief


class Part(NamedTuple):
    """A part of the soft order: what it is called, what its minutes are for, and what it does."""

    label: Promise
    each: str
    does: Promise


PARTS = {
    "priority": Part(
        gettext_lazy("Priority"),
        said("%(minutes)s for each step"),
        gettext_lazy("A case of priority 2 comes so much sooner than one of priority 3."),
    ),
    "age": Part(
        gettext_lazy("Time waited"),
        said("%(minutes)s for each hour"),
        gettext_lazy("A case comes so much sooner for every hour it has waited, for a week."),
    ),
    "continuity": Part(
        gettext_lazy("Knowing the person"),
        said("%(minutes)s"),
        gettext_lazy("A case comes so much sooner for who answered the same person before."),
    ),
    "load": Part(
        gettext_lazy("Work in hand"),
        said("%(minutes)s for each minute of it"),
        gettext_lazy("Of several people, who has more to do is asked so much later."),
    ),
    "practice": Part(
        gettext_lazy("Practice for somebody new"),
        said("%(minutes)s"),
        gettext_lazy("In the first 60 days easy cases come so much sooner and hard ones later."),
    ),
    "scarcity": Part(
        gettext_lazy("Being wanted elsewhere"),
        said("%(minutes)s at most"),
        gettext_lazy("Of several people, who is most needed for other cases is asked later."),
    ),
}


def channel(key: str) -> str:
    """Name a channel; the empty one stands for all together."""
    return str(Case.Channel(key).label) if key else _("All channels together")


def number(value: float) -> str:
    """Say a number without zeros nobody needs."""
    whole = float(value).is_integer()
    return str(number_format(value if not whole else int(value), use_l10n=True))


def room(one: Room | None, key: str) -> str:
    """Say how much of a channel somebody holds at once."""
    if one is None:
        return units(UNITS_IN_ALL) if not key else _("no limit of its own")
    if not key:
        return units(one.at_most)
    return _("%(most)s at once; a case takes %(units)s") % {
        "most": units(one.at_most), "units": number(one.units),
    }  # fmt: skip


def units(count: float) -> str:
    return ngettext("%(count)s unit", "%(count)s units", 1 if count == 1 else 2) % {
        "count": number(count)
    }


def minutes(value: float) -> str:
    return ngettext("%(count)s minute", "%(count)s minutes", 1 if value == 1 else 2) % {
        "count": number(value)
    }


def worth(code: str, value: float) -> str:
    """Say what a part of the soft order is worth."""
    if not value:
        return _("does not count")
    return _(PARTS[code].each) % {"minutes": minutes(value)}


def hold_back(length: int | None) -> str:
    if not length:
        return _("nothing is held back")
    span = brief(timedelta(minutes=length))
    return _("what can wait is left to a shift that begins within %(span)s") % {"span": span}


def weights_shown(weights: Weights) -> list[dict[str, Any]]:
    """Return each part of the soft order, what it is worth and whether that is usual."""
    usual = asdict(USUAL)
    return [
        {
            "label": PARTS[code].label,
            "does": PARTS[code].does,
            "worth": worth(code, value),
            "usual": "" if value == usual[code] else worth(code, usual[code]),
        }
        for code, value in asdict(weights).items()
    ]
