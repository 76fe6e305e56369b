"""What people typed into fields that no form of Django's checks."""

from datetime import UTC, datetime

from django.http import HttpRequest

NEVER = datetime.min.replace(tzinfo=UTC)
LONGEST_NUMBER = 18  # digits that fit PostgreSQL's bigint


def typed(request: HttpRequest, name: str) -> str:
    """Return a posted text without null characters, which PostgreSQL does not keep."""
    return str(request.POST.get(name, "")).replace("\x00", "")


def typed_each(request: HttpRequest, name: str, *, at_most: int) -> list[str]:
    """Return what was posted under one name several times, the first of it; see `typed`."""
    return [text.replace("\x00", "") for text in request.POST.getlist(name)[:at_most]]


def typed_number(request: HttpRequest, name: str) -> int | None:
    """Return a posted whole number; None where there is none, or one no row of ours has."""
    return number_in(request.POST.get(name, ""))


def number_in(text: str) -> int | None:
    """Return the whole number a text is; None where it is none, or one no row of ours has."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None


def typed_moment(request: HttpRequest, name: str) -> datetime:
    """Return the moment a page was shown with; one that never was where it says none."""
    try:
        return datetime.fromisoformat(request.POST.get(name, ""))
    except ValueError:
        return NEVER
