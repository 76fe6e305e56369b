"""Which help is named in a crisis: the requester's country and language decide, never a guess."""

from collections.abc import Sequence
from datetime import date

from caseward.org.catalogue import kept_per_revision
from caseward.policy.models import CrisisResource

FALLBACK_LANGUAGE = "en"


class NoHelpKnown(Exception):
    """The registry has nothing for this need, country and language; nothing was sent."""

    def __init__(self, key: str, country: str, language: str) -> None:
        super().__init__(f"{key} in {country or 'any country'}, {language}")
        self.key, self.country, self.language = key, country, language


class HelpIsStale(Exception):
    """Nobody has verified this entry lately, so nothing that names it may be sent."""

    def __init__(self, resource: CrisisResource) -> None:
        super().__init__(str(resource.pk))
        self.resource = resource


@kept_per_revision
def resources() -> tuple[CrisisResource, ...]:
    """Return every entry in use, by need, country and language."""
    found = CrisisResource.objects.filter(is_active=True)
    return tuple(found.order_by("key", "country", "language"))


@kept_per_revision
def needs() -> tuple[str, ...]:
    """Return the needs the registry has help for."""
    return tuple(dict.fromkeys(resource.key for resource in resources()))


def help_for(key: str, *, country: str, language: str, today: date) -> CrisisResource:
    """Return the entry for a requester: their country first, in their language first.

    A stale entry is never passed over for a fresh one: that would hide it.

    Raises:
        NoHelpKnown: no entry serves this need there.
        HelpIsStale: the entry that serves it has not been verified lately.
    """
    found = _nearest([r for r in resources() if r.key == key], country, language)
    if found is None:
        raise NoHelpKnown(key, country, language)
    if found.is_stale(today):
        raise HelpIsStale(found)
    return found


def _nearest(known: Sequence[CrisisResource], country: str, language: str) -> CrisisResource | None:
    wanted = [
        (country, language), (country, FALLBACK_LANGUAGE), ("", language), ("", FALLBACK_LANGUAGE),
    ]  # fmt: skip
    by_place = {(resource.country, resource.language): resource for resource in known}
    return next((by_place[place] for place in wanted if place in by_place), None)
