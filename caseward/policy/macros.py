"""Macros as writers use them: what is released, under which conditions, with what filled in."""

import re
from collections.abc import Iterable, Mapping

from caseward.core.conditions import Conditions, Facts
from caseward.org.catalogue import kept_per_revision
from caseward.policy.models import MacroVersion, VersionState

PLACEHOLDER = re.compile(r"\{([a-z_]+(?::[a-z0-9-]+)?)\}")
CRISIS = "crisis:"
KNOWN = ("requester_name", "reference", "agent_name", "status_url", "platform")


@kept_per_revision
def macros_for(lob_id: int) -> tuple[MacroVersion, ...]:
    """Return the released macros of a line of business and those for all, by title."""
    released = MacroVersion.objects.filter(state=VersionState.RELEASED, macro__is_active=True)
    mine = released.filter(macro__lob_id=lob_id).order_by("title", "pk")
    everybodys = released.filter(macro__lob_id=None).order_by("title", "pk")
    return (*mine.select_related("macro"), *everybodys.select_related("macro"))


def macros_of_case(lob_id: int, facts: Facts) -> list[MacroVersion]:
    """Return the released macros whose conditions hold of a case."""
    return [version for version in macros_for(lob_id) if is_usable(version, facts)]


def is_usable(version: MacroVersion, facts: Facts) -> bool:
    """Say whether a macro may be used on such a case; under a lock only what is safe may."""
    if facts.values.get("locked") == "yes" and not version.is_safe_when_locked:
        return False
    return Conditions.read(version.conditions).hold(facts)


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with what is known filled in; other placeholders stay for a person."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)


def unfilled(text: str) -> list[str]:
    """Return the placeholders still in a text, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))


def crisis_keys(texts: Iterable[str]) -> list[str]:
    """Return which kinds of help in a crisis texts name, such as `suicide`."""
    found = [name for text in texts for name in unfilled(text) if name.startswith(CRISIS)]
    return list(dict.fromkeys(name.removeprefix(CRISIS) for name in found))
