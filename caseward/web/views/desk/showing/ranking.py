"""How a case ranked when it was given, in people's words: its deadline first, then the rest."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as said

from caseward.core.matching.preferring import NOTHING_RUNNING
from caseward.web.look import brief
from caseward.web.views.routing import limits

TERMS = {
    "deadline": said("Its deadline"),
    "priority": said("Its priority"),
    "age": said("How long it has waited"),
    "continuity": said("Who took it answered this person before"),
    "load": said("Work in hand"),
    "practice": said("Practice for somebody new"),
}


def told(why: Mapping[str, Any], *, of_people: bool) -> dict[str, float]:
    """Return the terms that tell one choice from another, in minutes.

    Args:
        of_people: A person was chosen for a case. Where a case was chosen for a person, the work
            they had in hand was the same for every case.
    """
    terms: Mapping[str, float] = why.get("terms") or {}
    return {code: term for code, term in terms.items() if of_people or code != "load"}


def in_words(terms: Mapping[str, float]) -> str:
    """Say how urgent a case was when it was given; empty where that was not asked."""
    if not terms:
        return ""
    rest = sum(minutes for code, minutes in terms.items() if code != "deadline")
    return " ".join(part for part in (_urgency(terms.get("deadline", 0.0)), _rest(rest)) if part)


def _urgency(left: float) -> str:
    if left >= NOTHING_RUNNING:
        return _("No deadline ran for it; the most urgent goes first.")
    if left < 0:
        return _("It was %(span)s too late to be begun in time; the most urgent goes first.") % {
            "span": span(left)
        }
    return _("It had to be begun within %(span)s to be in time; the most urgent goes first.") % {
        "span": span(left)
    }


def _rest(minutes: float) -> str:
    if round(minutes, 1) < 0:
        return _("Everything else brought it forward by %(span)s.") % {"span": span(minutes)}
    if round(minutes, 1) > 0:
        return _("Everything else put it back by %(span)s.") % {"span": span(minutes)}
    return ""


def parts(terms: Mapping[str, float], weights: Mapping[str, float]) -> list[dict[str, Any]]:
    """Return what counted, heaviest first: what it was worth at the time, and what it did."""
    return [
        {
            "label": _(TERMS[code]),
            "worth": _worth(code, weights),
            "effect": _effect(code, minutes),
        }
        for code, minutes in sorted(terms.items(), key=lambda term: -abs(term[1]))
        if code in TERMS
    ]


def _worth(code: str, weights: Mapping[str, float]) -> str:
    if code == "deadline":
        return _("each minute counts as one")
    return limits.worth(code, weights[code]) if code in weights else ""


def _effect(code: str, minutes: float) -> str:
    values = {"span": span(minutes)}
    if code == "deadline" and minutes >= NOTHING_RUNNING:
        return _("none ran")
    if code == "deadline":
        return (_("%(span)s left to begin") if minutes >= 0 else _("%(span)s too late")) % values
    return (_("%(span)s later") if minutes >= 0 else _("%(span)s sooner")) % values


def span(minutes: float) -> str:
    """Say minutes as a length, whichever way they point."""
    length = abs(minutes)
    return brief(timedelta(minutes=length)) if length >= 60 else limits.minutes(round(length, 1))
