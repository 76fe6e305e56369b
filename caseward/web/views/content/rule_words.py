"""Rules in words: what is wrong with one, what it would do, what two want against each other."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from caseward.automation import checking
from caseward.automation.checking import Problem
from caseward.core.rule_loops import Contradiction

DEEDS = {
    "add_tags": lazy("Add tags"),
    "remove_tags": lazy("Take tags away"),
    "priority": lazy("Change the priority"),
    "note": lazy("Add a note"),
    "macro": lazy("Answer with a macro"),
    "lob": lazy("Transfer"),
    "assign_to": lazy("Give to a colleague"),
    "escalate_why": lazy("Escalate to tier 2"),
    "snooze_hours": lazy("Put off"),
    "notify": lazy("Tell who leads"),
}
STATES = {
    "DRAFT": lazy("Draft"),
    "TESTED": lazy("Tested"),
    "ON": lazy("On"),
    "OFF": lazy("Off"),
}
RUNS = {
    "WAITING": lazy("Waiting"),
    "DONE": lazy("Done"),
    "LEFT": lazy("Left alone"),
    "FAILED": lazy("Failed"),
    "UNDONE": lazy("Undone"),
}
REFUSALS = {
    "AlreadyEscalated": lazy("Tier 2 had the case already."),
    "AlreadyResolved": lazy("The case was resolved already."),
    "CannotTakeIt": lazy("The person may not take the case."),
    "MustKeepSilent": lazy("The answer tells of a report of which nothing may be said."),
    "NothingToSay": lazy("There was nothing to say."),
    "NowhereToWait": lazy("Nobody serves that line of business in that language."),
    "NotWhen": lazy("A case cannot be put off for so long."),
}


def problem(wrong: Problem) -> str:
    """Say why a rule cannot be kept and what to do about it."""
    about = ", ".join(wrong.about)
    return {
        checking.NO_EVENT: _("Choose at least one thing that has to happen."),
        checking.NO_DEED: _("Choose at least one thing to do."),
        checking.NEVER_HOLDS: _(
            "No case can have the tags %(about)s and not have them. Take them out of one list."
        ),
        checking.NO_SUCH_REASON: _(
            "No case of these lines of business is about %(about)s. Choose another reason."
        ),
        checking.NO_SUCH_LOB: _("There is no line of business %(about)s."),
        checking.NO_SUCH_PERSON: _("Nobody who works here signs in as %(about)s."),
        checking.NO_SUCH_MACRO: _("The macro %(about)s is not in use. Release it first."),
        checking.CIRCLE: _(
            "These rules would set each other off for ever: %(circle)s. Add a condition that the "
            "rule itself makes false, such as a tag the case must not have."
        ),
    }[wrong.code] % {"about": about, "circle": " → ".join(wrong.about)}


def contradiction(found: Contradiction) -> str:
    """Say what two rules want of the same case, with such a case."""
    return _(
        "%(one)s and %(other)s want different things (%(about)s: %(first)s and %(second)s) of the "
        "same case, such as one with %(case)s. Which one wins depends on which acts last."
    ) % {
        "one": found.one,
        "other": found.other,
        "about": found.about,
        "first": found.wants[0],
        "second": found.wants[1],
        "case": _facts(found.case.values, found.case.tags),
    }


def _facts(values: Mapping[str, str], tags: Iterable[str]) -> str:
    named = [f"{name} {value}" for name, value in values.items() if value != "anything"]
    return ", ".join([*named, *(f"#{tag}" for tag in sorted(tags))]) or _("any facts")


def failure(words: str) -> str:
    return str(REFUSALS.get(words, words))


def deeds_of(trial: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a trial would have done, beside how often people did the same."""
    return [
        {"label": DEEDS[name], "count": count, "people": trial["people_did"].get(name, 0)}
        for name, count in trial.get("deeds", {}).items()
    ]


def in_words(deeds: Mapping[str, Any]) -> list[str]:
    """Return what a rule does, a line each."""
    return [
        f"{DEEDS[name]}: {', '.join(value) if isinstance(value, list) else value}"
        for name, value in deeds.items()
        if name in DEEDS
    ]
