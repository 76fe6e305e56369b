"""The catalogues of the four languages beside English: brought up to date, compiled, checked."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import polib

from caseward.jobs.messages.finding import Message
from caseward.jobs.messages.staleness import LOCALES, stale_catalogues

PLURALS = {
    "hi": "nplurals=2; plural=(n > 1);",
    "ms": "nplurals=1; plural=0;",
    "ta": "nplurals=2; plural=(n != 1);",
    "zh_Hans": "nplurals=1; plural=0;",
}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def catalogue_file(language: str, locales: Path = LOCALES) -> Path:
    return locales / language / "LC_MESSAGES" / "django.po"


def read(language: str, locales: Path = LOCALES) -> polib.POFile:
    """Return the catalogue, a new one if there is none yet."""
    file = catalogue_file(language, locales)
    return polib.pofile(str(file), wrapwidth=96) if file.exists() else _new(language)


def update(messages: Iterable[Message], locales: Path = LOCALES) -> None:
    """Add what is new to every catalogue, drop what is gone, keep every translation."""
    wanted = {message.key: message for message in messages}
    for language in PLURALS:
        old = {(entry.msgctxt or "", entry.msgid): entry for entry in read(language, locales)}
        catalogue = _new(language)
        catalogue.extend(_entry(wanted[key], old.get(key), language) for key in sorted(wanted))
        file = catalogue_file(language, locales)
        file.parent.mkdir(parents=True, exist_ok=True)
        catalogue.save(str(file))


def compile_all(locales: Path = LOCALES) -> int:
    """Write what Django reads from every catalogue that has changed; return how many."""
    stale = stale_catalogues(locales)
    for file in stale:
        compiled = file.with_suffix(".mo")
        being_written = compiled.with_suffix(f".{os.getpid()}")
        polib.pofile(str(file)).save_as_mofile(str(being_written))
        being_written.replace(compiled)  # whoever reads meanwhile finds a whole one
    return len(stale)


def problems(
    messages: Iterable[Message], locales: Path = LOCALES, *, with_desk: bool = False
) -> Iterator[str]:
    """Say what requesters would read in the wrong language, or with a broken placeholder.

    Args:
        with_desk: Say it of what staff read too.
    """
    wanted = list(messages)
    for language in PLURALS:
        known = {(entry.msgctxt or "", entry.msgid): entry for entry in read(language, locales)}
        for message in wanted:
            problem = _problem(message, known.get(message.key), with_desk=with_desk)
            if problem:
                yield f"{language}: {problem}: {message.text!r} ({message.places[0]})"


def _problem(message: Message, entry: polib.POEntry | None, *, with_desk: bool) -> str:
    if entry is None or not entry.translated():
        is_missed = message.is_for_requesters or (with_desk and message.is_for_staff)
        return "not translated" if is_missed else ""
    for translation in [entry.msgstr, *entry.msgstr_plural.values()]:
        if translation and not _placeholders(translation) <= _placeholders(
            message.text + message.plural
        ):
            return "a placeholder that the English does not have"
    return ""


def _placeholders(text: str) -> set[str]:
    return set(PLACEHOLDER.findall(text))


def _entry(message: Message, old: polib.POEntry | None, language: str) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    entry.occurrences = [(place, "") for place in sorted(set(message.places))]
    entry.msgstr = old.msgstr if old else ""
    if message.plural:
        forms = 2 if "nplurals=2" in PLURALS[language] else 1
        entry.msgid_plural = message.plural
        entry.msgstr_plural = (old and old.msgstr_plural) or dict.fromkeys(range(forms), "")
    return entry


def _new(language: str) -> polib.POFile:
    catalogue = polib.POFile(wrapwidth=96)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    return catalogue
