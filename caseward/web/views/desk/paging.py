"""Links to the pages of a list above and below the one shown."""

from django.http import HttpRequest

from caseward.casework.listing import Page, Place

PLACES = ("after", "before")
CHOSEN = ("case", "at")  # what is shown beside the list


def address(request: HttpRequest, **places: Place) -> str:
    """Return the address of this list and its filters, at another place of it or at its top."""
    query = request.GET.copy()
    for name in (*PLACES, *CHOSEN, *(name for name, value in request.GET.items() if not value)):
        query.pop(name, None)
    for name, place in places.items():
        query[name] = str(place)
    said = query.urlencode()
    return f"{request.path}?{said}" if said else request.path


def links(request: HttpRequest, page: Page) -> dict[str, str | int]:
    """Return what a page says of itself and where its neighbours are."""
    return {
        "shown": len(page.ids),
        "previous_url": address(request, before=page.above) if page.above else "",
        "next_url": address(request, after=page.below) if page.below else "",
        "first_url": address(request) if set(PLACES) & set(request.GET) else "",
    }
