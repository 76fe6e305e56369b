"""What a tag is, wherever one is written: on a case, in a bulk action, a macro or a rule."""

import unicodedata

LONGEST = 40


class NotATag(ValueError):
    """What was written is no tag: `written`, as it was written."""

    def __init__(self, written: str) -> None:
        super().__init__(f"a tag has letters, digits and hyphens, at most {LONGEST}: {written!r}")
        self.written = written


def tag_of(written: str) -> str:
    """Return a tag as it is kept: lower case, with hyphens where spaces were.

    Raises:
        NotATag: it is empty, too long, or has anything but letters, digits and hyphens.
    """
    tag = "-".join(written.lower().split())
    has_a_name = any(letter.isalnum() for letter in tag)
    if not has_a_name or len(tag) > LONGEST or not all(_fits(letter) for letter in tag):
        raise NotATag(written)
    return tag


def _fits(letter: str) -> bool:
    """Say whether a tag may have it; marks are the vowels of Hindi, Tamil and other scripts."""
    return letter == "-" or letter.isalnum() or unicodedata.category(letter).startswith("M")
