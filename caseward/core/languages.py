"""Languages: which one a short support text is written in, in the writer's script or romanised.

Scripts decide first, as nobody writes Tamil letters in an English sentence by accident. A text in
Latin letters is weighed word by word (naive Bayes over hand-collected cues) together with what the
form or the market leads one to expect. Malay and Indonesian are not told apart.
"""

import re
from collections.abc import Mapping
from functools import cache
from math import exp, log
from typing import NamedTuple

from caseward.core.language_cues import SHAPES, WORDS

LANGUAGES = ("en", "hi", "ms", "ta", "zh")
UNKNOWN = "unknown"
READ_AT_MOST = 2_000  # characters: more of them would change the answer rarely, the time always
SCRIPT_SHARE = 0.2  # of the letters; the rest are names and borrowed words such as "account"
WORD_WEIGHT = 2.5  # log of how much likelier a cue word is in its language than in others
SHAPE_WEIGHT = 0.4
ROMANISED_HANDICAP = 0.7  # Hindi and Tamil in Latin letters are rarer than English and Malay
LEAST_PRIOR = 0.01  # no expectation is so firm that a clear text could not overrule it


class Recognised(NamedTuple):
    """A language of `LANGUAGES` or `UNKNOWN`, how sure that is (0 to 1), and whether romanised."""

    language: str
    confidence: float
    is_romanised: bool = False


_NOTHING = Recognised(UNKNOWN, 0.0)
# An Indian word takes about as many letters as an English one, a Chinese one far fewer.
_SCRIPTS = (
    ("hi", re.compile(r"[\u0900-\u097f]"), 1),
    ("ta", re.compile(r"[\u0b80-\u0bff]"), 1),
    ("zh", re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003134f]"), 3),
)
_LATIN = re.compile(r"[A-Za-z]")
_OTHER_SCRIPT = re.compile(
    r"[\u0370-\u06ff\u0980-\u0b7f\u0c00-\u0eff\u1000-\u10ff\u3040-\u30ff\uac00-\ud7a3]"
)
_KANA = re.compile(r"[\u3040-\u30ff]")
_NOT_WORDS = re.compile(r"(?<![!-~])[!-~]*(?:[0-9@]|://|www\.)[!-~]*")  # ASCII runs
_LATIN_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")


def recognise(text: str, *, prior: Mapping[str, float] | None = None) -> Recognised:
    """Return the language of a text.

    Args:
        text: What somebody wrote; addresses, links and numbers in it are ignored.
        prior: How likely each language is before reading, from the form or the market, such as
            `{"ms": 0.6, "en": 0.3, "zh": 0.1}`. With no evidence in the text it decides alone.
    Raises:
        ValueError: a prior for a language not in `LANGUAGES`, or one that is not positive.
    """
    expected = _checked(prior)
    text = _NOT_WORDS.sub(" ", text[:READ_AT_MOST])
    return _by_script(text) or _by_words(text.lower(), expected) or _by_prior(expected)


def _by_script(text: str) -> Recognised | None:
    """Return the language whose own script the text uses, `UNKNOWN` for a script of no language."""
    if text.isascii():
        return None
    letters = {language: len(script.findall(text)) * size for language, script, size in _SCRIPTS}
    language = max(letters, key=lambda script: letters[script])
    others = len(_OTHER_SCRIPT.findall(text))
    total = sum(letters.values()) + others + len(_LATIN.findall(text))
    if others > total / 2 or _is_japanese(text):
        return _NOTHING
    if not total or letters[language] < SCRIPT_SHARE * total:
        return None
    return Recognised(language, (1 + letters[language] / total) / 2)


def _is_japanese(text: str) -> bool:
    return len(_KANA.findall(text)) * 5 > len(text)


def _by_words(text: str, expected: Mapping[str, float]) -> Recognised | None:
    """Weigh a text in Latin letters; None when no word or letter group speaks for any language."""
    evidence = _evidence(_LATIN_WORD.findall(_DRAWN_OUT.sub(r"\1", text)))
    if not any(evidence.values()):
        return None
    scores = {language: evidence[language] + _start(language, expected) for language in evidence}
    best = max(scores, key=lambda language: scores[language])
    confidence = 1 / sum(exp(score - scores[best]) for score in scores.values())
    return Recognised(best, confidence, is_romanised=best in ("hi", "ta"))


def _evidence(words: list[str]) -> dict[str, float]:
    """Return the log weight for each language; a word of several languages counts for each less."""
    cues, evidence, others = _cues(), dict.fromkeys(SHAPES, 0.0), []
    for word in words:
        languages = cues.get(word.replace("'", ""))
        if languages is None:
            others.append(word)
        else:
            for language in languages:
                evidence[language] += WORD_WEIGHT / len(languages)
    rest = " ".join(others)
    for language, shape in SHAPES.items():
        evidence[language] += SHAPE_WEIGHT * len(shape.findall(rest))
    return evidence


@cache
def _cues() -> dict[str, tuple[str, ...]]:
    cues: dict[str, tuple[str, ...]] = {}
    for language, words in WORDS.items():
        for word in set(words.split()):
            cues[word] = (*cues.get(word, ()), language)
    return cues


def _start(language: str, expected: Mapping[str, float]) -> float:
    if expected:
        return log(max(expected.get(language, 0), LEAST_PRIOR))
    return -ROMANISED_HANDICAP if language in ("hi", "ta") else 0.0


def _by_prior(expected: Mapping[str, float]) -> Recognised:
    if not expected:
        return _NOTHING
    best = max(expected, key=lambda language: expected[language])
    return Recognised(best, expected[best])


def _checked(prior: Mapping[str, float] | None) -> Mapping[str, float]:
    """Return the prior scaled to a sum of 1."""
    if not prior:
        return {}
    for language, share in prior.items():
        if language not in LANGUAGES:
            raise ValueError(f"prior must name languages of {LANGUAGES}, got {language!r}")
        if not 0 < share < float("inf"):
            raise ValueError(f"prior of {language} must be positive, got {share}")
    total = sum(prior.values())
    return {language: share / total for language, share in prior.items()}
