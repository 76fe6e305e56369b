"""Filling the placeholders of a reply macro."""

import re
from collections.abc import Mapping

from caseward.org.catalogue import kept_per_revision
from caseward.policy.models import Macro

PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@kept_per_revision
def macros_for(lob_id: int) -> tuple[Macro, ...]:
    """Return the macros of a line of business and those for all, by title."""
    mine = Macro.objects.filter(is_active=True, lob_id=lob_id)
    everybodys = Macro.objects.filter(is_active=True, lob_id=None)
    return (*mine.order_by("title"), *everybodys.order_by("title"))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with what is known filled in; other placeholders stay for a person."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1]) or found[0], text)


def unfilled(text: str) -> list[str]:
    """Return the placeholders still in a text, each once."""
    return list(dict.fromkeys(PLACEHOLDER.findall(text)))
