"""Worked numbers in the pages: code blocks marked `pycon` run as doctests, top to bottom."""

import doctest
from collections.abc import Iterable, Iterator
from pathlib import Path

from caseward.jobs.docs import markdown, name_of

LANGUAGE = "pycon"


def problems(pages: Iterable[Path]) -> Iterator[str]:
    """Say which examples give something else than the page says."""
    for page in pages:
        yield from _problems_of(page)


def _problems_of(page: Path) -> Iterator[str]:
    blocks = markdown.blocks(page.read_text(encoding="utf-8"))
    known: dict[str, object] = {}
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    for block in blocks:
        if block.language == LANGUAGE:
            said: list[str] = []
            runner.run(_test(page, block, known), out=said.append, clear_globs=False)
            yield from (f"{name_of(page)}:{block.line}: {words.strip()}" for words in said)


def _test(page: Path, block: markdown.Block, known: dict[str, object]) -> doctest.DocTest:
    parsed = doctest.DocTestParser().get_doctest(
        block.text, known, name_of(page), str(page), block.line - 1
    )
    parsed.globs = known  # one page, one set of names
    return parsed
