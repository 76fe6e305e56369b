"""Names of sites, vendors, lines of business and teams, for filters and rows."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from caseward.org.catalogue import kept_per_revision
from caseward.org.models import Site, Team, Vendor
from caseward.org.queries import lines_of_business

NOBODY = 0
NOBODY_KEY = "nobody"


@dataclass(frozen=True, slots=True)
class Place:
    id: int
    key: str
    name: str


@kept_per_revision
def _named(model: type[Site | Vendor | Team]) -> list[Place]:
    rows = model.objects.order_by("name", "pk").values_list("pk", "key", "name")
    return [Place(*row) for row in rows]


def sites() -> list[Place]:
    return [*_named(Site), Place(NOBODY, NOBODY_KEY, _("Nobody yet"))]


def vendors() -> list[Place]:
    return [*_named(Vendor), Place(NOBODY, NOBODY_KEY, _("No vendor"))]


def teams() -> list[Place]:
    return [*_named(Team), Place(NOBODY, NOBODY_KEY, _("Nobody yet"))]


def lobs() -> list[Place]:
    language = (get_language() or "en")[:2]
    return [Place(pk, lob.key, lob.name_in(language)) for pk, lob in lines_of_business().items()]


def names(places: list[Place]) -> Mapping[int, str]:
    return {place.id: place.name for place in places}
