"""What people typed into fields that no form of Django's checks."""

from django.http import HttpRequest

LONGEST_NUMBER = 18  # digits that fit PostgreSQL's bigint


def typed(request: HttpRequest, name: str) -> str:
    """Return a posted text without null characters, which PostgreSQL does not keep."""
    return str(request.POST.get(name, "")).replace("\x00", "")


def typed_number(request: HttpRequest, name: str) -> int | None:
    """Return a posted whole number; None where there is none, or one no row of ours has."""
    text = request.POST.get(name, "")
    is_number = text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
    return int(text) if is_number else None
