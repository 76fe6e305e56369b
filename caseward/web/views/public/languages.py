"""The language of a public page.

The one a form asks to be shown in comes first, then `?lang=`, then what was chosen before (a
cookie), then the language of the case the page is about, then the browser's.
"""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

from caseward.org.languages import PAGE_CODES

_REGION = re.compile(r"\b[A-Za-z]{2,3}(?:-[A-Za-z]{4})?-([A-Za-z]{2})\b")

type View = Callable[..., HttpResponse]


def in_readers_language(view: View) -> View:
    """Show a page in the language its address asks for, and remember that choice for a year."""

    @wraps(view)
    def shown(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        asked = _asked(request)
        if not asked:
            return view(request, *args, **kwargs)
        with translation.override(asked):
            response = view(request, *args, **kwargs)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            asked,
            max_age=365 * 24 * 3600,
            secure=settings.HTTPS,
            samesite="Lax",
        )
        return response

    return shown


def changes_language(request: HttpRequest) -> bool:
    """Say whether a form was posted to be shown in another language, not to be sent."""
    return bool(request.POST.get("lang")) and _asked(request) != request.POST.get("shown_in")


def speaking(request: HttpRequest, language: str) -> AbstractContextManager[object]:
    """Speak the language of a case unless the reader chose another one."""
    if _asked(request) or settings.LANGUAGE_COOKIE_NAME in request.COOKIES:
        return nullcontext()
    return translation.override(PAGE_CODES.get(language, language))


def guessed_country(request: HttpRequest) -> str:
    """Return the region the browser's languages name first, as `IN` of `hi-IN`; or nothing."""
    found = _REGION.search(request.headers.get("Accept-Language", "")[:200])
    return found[1].upper() if found else ""


def _asked(request: HttpRequest) -> str:
    asked = (request.POST.get("lang") or request.GET.get("lang", "")).lower()
    code = PAGE_CODES.get(asked, asked)
    return code if code in dict(settings.LANGUAGES) else ""
