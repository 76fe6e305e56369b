"""Saying what just happened, with a way to take it back."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest

NEXT_CASE = "next-case"  # this one is done: offer another
_UNDO, _UNTIL = "undo:", "until:"


def say(
    request: HttpRequest,
    words: str,
    *,
    offers_next: bool = False,
    undo_url: str = "",
    undo_until: datetime | None = None,
) -> None:
    """Say something on the next page the person sees.

    Args:
        undo_url: Where a POST takes it back.
        undo_until: When that ends; None where it can be taken back at any time.
    """
    tags = [NEXT_CASE] if offers_next else []
    tags += [_UNDO + undo_url] if undo_url else []
    tags += [_UNTIL + undo_until.isoformat()] if undo_until else []
    messages.success(request, words, extra_tags=" ".join(tags))


def undo_url(message: Message) -> str:
    """Return where a POST takes back what a message says was done; empty where nothing does."""
    return _after(_UNDO, (message.extra_tags or "").split())


def undo_until(message: Message) -> str:
    """Return when taking back ends, as ISO 8601; empty where it does not."""
    return _after(_UNTIL, (message.extra_tags or "").split())


def undo_seconds(_message: Message) -> int:
    """Return how long something that leaves by itself can be taken back, for the countdown."""
    return settings.UNDO_SECONDS


def _after(mark: str, tags: Sequence[str]) -> str:
    return next((tag.removeprefix(mark) for tag in tags if tag.startswith(mark)), "")
