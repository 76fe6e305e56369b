"""Exposure in words: what it was about, and why more is kept away."""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as said

from caseward.core.exposure import Because, Caps

CATEGORIES = {
    "animal-cruelty": said("Cruelty to animals"),
    "bullying": said("Bullying and harassment"),
    "child-sexual-exploitation": said("Sexual exploitation of children"),
    "gore": said("Injury and death"),
    "hate": said("Hate"),
    "self-harm": said("Suicide and self-harm"),
    "sexual": said("Sexual material"),
    "sexual-extortion": said("Sexual extortion"),
    "sexual-violence": said("Sexual violence"),
    "terrorism": said("Terrorism"),
    "trafficking": said("Trafficking of people"),
    "violence": said("Violence and threats"),
}

REASONS = {
    Because.SHIFT: said("What is left of this shift's limit is less than one case takes."),
    Because.WEEK: said("What is left of the limit for seven days is less than one case takes."),
    Because.RUN: said(
        "You have had as many severe cases in a row as the limit allows. Something milder, or a "
        "rest, ends the row."
    ),
    Because.COOLDOWN: said(
        "You have just worked on something of the worst kind, or still hold it."
    ),
    Because.END_OF_SHIFT: said("Your shift ends soon. Its last part is kept free of severe cases."),
    Because.OVERTIME: said("You are outside the shifts planned for you."),
}

CAPS = {
    Because.SHIFT: said("the limit of a shift"),
    Because.WEEK: said("the limit of seven days"),
    Because.RUN: said("the longest row of severe cases"),
    Because.COOLDOWN: said("the rest after the worst cases"),
    Because.END_OF_SHIFT: said("the quiet end of a shift"),
    Because.OVERTIME: said("no severe work in overtime"),
}

CAP_NAMES = {
    "shift_minutes": said("Counted minutes in a shift"),
    "week_minutes": said("Counted minutes in seven days"),
    "longest_run": said("Longest row of severe cases"),
    "rest_minutes": said("Row of severe cases ends after a rest of"),
    "cooldown_minutes": said("Rest after a case of severity 4"),
    "quiet_minutes": said("Quiet end of a shift"),
    "case_minutes": said("Kept free for the next case"),
    "weights": said("What a minute counts, severity 0 to 4"),
    "modality_weights": said("What it counts besides: text, voice, picture, video"),
}
COUNTED = frozenset({"shift_minutes", "week_minutes", "longest_run"})


def cap_name(name: str) -> str:
    """Return what a cap is called."""
    return _(CAP_NAMES[name])


def cap_value(name: str, caps: Caps) -> str:
    """Return how much a cap allows, with its unit where its name does not say it."""
    value = getattr(caps, name)
    if isinstance(value, tuple):
        return " · ".join(number_format(f"{weight:g}") for weight in value)
    if name in COUNTED:
        return minutes(value)
    return _("%(number)s min") % {"number": minutes(value)}


def category(slug: str) -> str:
    """Return what a category is called; one we do not know says its own name."""
    known = CATEGORIES.get(slug)
    return _(known) if known else slug.replace("-", " ").capitalize()


def reasons(because: Iterable[Because]) -> list[str]:
    """Return why no more is given, for the person it is about."""
    return [_(REASONS[one]) for one in Because if one in because]


def caps(codes: Iterable[str]) -> list[str]:
    """Return the names of caps that keep work away, for whoever plans people."""
    return [_(CAPS[one]) for one in Because if one in codes]


def minutes(number: float) -> str:
    return number_format(round(number), 0)
