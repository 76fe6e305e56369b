"""What every public page needs around its own content."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from caseward.channels.forms import megabytes
from caseward.org import queries as org


def page(
    request: HttpRequest, template: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """Render a public page in the language now active; no cache keeps it."""
    frame = {
        "brand": _("%(platform)s Help") % {"platform": platform()},
        "home_url": reverse("help"),
        "languages": settings.LANGUAGES,
        "page_url": request.path,
    }
    response = render(request, template, {**frame, **context}, status=status)
    response.headers["Content-Language"] = get_language() or settings.LANGUAGE_CODE
    add_never_cache_headers(response)
    return response


def notice(
    request: HttpRequest,
    *,
    heading: str,
    words: str,
    status: int = 200,
    link: str = "",
    post_to: str = "",
    button: str = "",
) -> HttpResponse:
    """Say plainly what happened and offer one way on: a `link`, or a form that posts."""
    context = {
        "heading": heading,
        "words": words,
        "link": link,
        "post_to": post_to,
        "button": button,
    }
    return page(request, "public/notice.html", context, status=status)


def platform() -> str:
    return org.operation().platform_name


def upload_limits() -> dict[str, Any]:
    """Return what the field for files says and checks."""
    return {
        "max_bytes": settings.UPLOAD_SIZE_LIMIT,
        "max_size": megabytes(settings.UPLOAD_SIZE_LIMIT),
        "max_files": settings.UPLOAD_COUNT_LIMIT,
    }
