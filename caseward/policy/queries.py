"""Questions about what applies: which reasons there are, and which one a text is about."""

import re
import unicodedata
from dataclasses import dataclass

from caseward.org.catalogue import kept_per_revision
from caseward.policy.models import Disposition, Reason

READ_AT_MOST = 5_000  # characters: what somebody wants is said before that
OTHER_LANGUAGE = 0.5  # people mix languages, but use their own more
_CURLY = str.maketrans("’‘“”", "''\"\"")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Cue:
    words: str
    pattern: re.Pattern[str]
    language: str
    weight: int  # long cues say more than short ones


@kept_per_revision
def reasons() -> dict[int, Reason]:
    """Return every reason by its number, also those no longer offered."""
    return {reason.pk: reason for reason in Reason.objects.order_by("lob", "priority", "pk")}


@kept_per_revision
def reasons_of(lob_id: int) -> tuple[Reason, ...]:
    """Return what a case of a line of business can be about, most urgent first."""
    reasons = Reason.objects.filter(lob_id=lob_id, is_active=True)
    return tuple(reasons.order_by("priority", "pk"))


@kept_per_revision
def dispositions_of(lob_id: int) -> tuple[Disposition, ...]:
    """Return how a case of a line of business can end."""
    dispositions = Disposition.objects.filter(lob_id=lob_id, is_active=True)
    return tuple(dispositions.order_by("key"))


def topic_for(text: str, *, lob_id: int | None, language: str) -> Reason | None:
    """Return the reason whose cues speak most clearly in a text, None when none does.

    Cues of the text's language count in full, those of the others by half. A tie goes to the more
    urgent reason.

    Args:
        lob_id: Where to look; None looks through every line of business.
    """
    read = _plain(text[:READ_AT_MOST])
    best, best_score = None, 0.0
    for reason, cues in _cues(lob_id):
        likely = [cue for cue in cues if cue.words in read]  # far cheaper than its pattern
        score = sum(_weight(cue, language) for cue in likely if cue.pattern.search(read))
        if score > best_score:
            best, best_score = reason, score
    return best


@kept_per_revision
def _cues(lob_id: int | None) -> list[tuple[Reason, list[_Cue]]]:
    reasons = Reason.objects.filter(is_active=True, lob__is_active=True)
    if lob_id is not None:
        reasons = reasons.filter(lob_id=lob_id)
    return [(reason, _cues_of(reason)) for reason in reasons.order_by("priority", "pk")]


def _cues_of(reason: Reason) -> list[_Cue]:
    return [
        _Cue(_plain(words), _pattern(_plain(words)), language, _clearness(words))
        for language, cues in reason.cues.items()
        for words in cues
        if words.strip()
    ]


def _pattern(words: str) -> re.Pattern[str]:
    """Whole words in Latin letters; anywhere in scripts that join words or write none apart."""
    escaped = re.escape(words)
    return re.compile(rf"(?<![a-z0-9]){escaped}(?![a-z0-9])" if words.isascii() else escaped)


def _clearness(words: str) -> int:
    """Return how much a cue says: its length, a Chinese character counting as three letters."""
    return sum(3 if "\u3400" <= letter <= "\u9fff" else 1 for letter in words)


def _weight(cue: _Cue, language: str) -> float:
    return cue.weight if cue.language == language else cue.weight * OTHER_LANGUAGE


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).translate(_CURLY).casefold()
    return _SPACES.sub(" ", folded)
