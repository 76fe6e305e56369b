"""The codes of languages: those our data use, and Django's."""

from django.conf import settings

PAGE_CODES = {"zh": "zh-hans"}
DATA_CODES = {page: ours for ours, page in PAGE_CODES.items()}


def page_language(language: str) -> str:
    """Return Django's code for one of our languages; English for what is none of them."""
    code = PAGE_CODES.get(language, language)
    return code if code in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
