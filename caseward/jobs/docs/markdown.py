"""The little of Markdown that checks need: links, headings, code blocks, rows of tables."""

import re
from collections.abc import Iterator
from typing import NamedTuple

FENCE = re.compile(r"^```(\w*)\s*$")
HEADING = re.compile(r"^#{1,6} +(.+?) *$")
LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)")
CODE = re.compile(r"`[^`]*`")
CELL_END = re.compile(r" *\| *")
NOT_IN_ANCHORS = re.compile(r"[^\w\- ]")


class Block(NamedTuple):
    """A fenced code block: its language, the line it starts on, its text."""

    language: str
    line: int
    text: str


def blocks(text: str) -> Iterator[Block]:
    """Yield the code blocks of a page."""
    language, start, inside = "", 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        fence = FENCE.match(line)
        if fence and not start:
            language, start, inside = fence[1], number + 1, []
        elif line.rstrip() == "```" and start:
            yield Block(language, start, "\n".join(inside) + "\n")
            start = 0
        elif start:
            inside.append(line)


def prose(text: str) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a page that are not inside a code block."""
    inside = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            inside = not inside
        elif not inside:
            yield number, line


def links(text: str) -> Iterator[tuple[int, str]]:
    """Yield where every link leads, with its line."""
    for number, line in prose(text):
        yield from ((number, target) for target in LINK.findall(CODE.sub("", line)))


def title(text: str) -> str:
    """Return the first heading of a page."""
    return next(heading[1] for _number, line in prose(text) if (heading := HEADING.match(line)))


def anchors(text: str) -> set[str]:
    """Return what can stand after `#` in an address of this page, as GitHub makes it."""
    found = (HEADING.match(line) for _number, line in prose(text))
    return {anchor(heading[1]) for heading in found if heading}


def anchor(heading: str) -> str:
    return NOT_IN_ANCHORS.sub("", heading.lower()).strip().replace(" ", "-")


def rows(text: str) -> Iterator[list[str]]:
    """Yield the cells of every row of every table that starts with something in backquotes."""
    for _number, line in prose(text):
        if line.startswith("| `"):
            yield CELL_END.split(line.strip())[1:-1]
