"""Tags as people type them, refused in words that say what a tag is."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from caseward.core.tags import LONGEST, NotATag, tag_of


def why_no_tag(refusal: NotATag) -> str:
    """Say what is wrong with what was typed, and what to type instead."""
    return _(
        "“%(written)s” cannot be a tag. Use letters, digits and hyphens only, %(most)d at most."
    ) % {"written": refusal.written[: 2 * LONGEST], "most": LONGEST}


def typed_tag(written: str) -> str:
    """Return a typed tag as it is kept.

    Raises:
        ValidationError: it is none.
    """
    try:
        return tag_of(written)
    except NotATag as refusal:
        raise forms.ValidationError(why_no_tag(refusal)) from refusal


class TagField(forms.CharField):
    """One tag, given back as it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: Any) -> str:
        return typed_tag(super().clean(value))
