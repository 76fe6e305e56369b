"""The languages of pages: Django's codes and those our data use."""

from typing import Protocol

from django.conf import settings
from django.utils import translation

from caseward.org.languages import DATA_CODES


def data_language() -> str:
    """Return the code our data use for the language of this page."""
    code = translation.get_language() or settings.LANGUAGE_CODE
    return DATA_CODES.get(code, code.split("-")[0])


class Named(Protocol):
    """A row of our configuration that has a name in each language."""

    def name_in(self, language: str) -> str: ...


def named(row: Named) -> str:
    """Return what something is called in the language of this page."""
    return row.name_in(data_language())
