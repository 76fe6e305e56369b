"""The table of contents: every page under the kind of question it answers."""

from collections.abc import Iterator
from pathlib import Path

from caseward.jobs.docs import DOCS, markdown

PAGE = DOCS / "README.md"
BEGINNING = "# Documentation\n\nWritten from the titles of the pages; `make docs` writes it anew.\n"
KINDS = {
    "Learn": "tutorial",
    "Do": "how-to",
    "Look up": "reference",
    "Understand": "explanation",
    "Why it is built this way": "decisions",
}


def page() -> str:
    """Return the table of contents."""
    return "\n".join([BEGINNING, *(_section(kind, name) for kind, name in KINDS.items())])


def _section(heading: str, folder: str) -> str:
    return "\n".join([f"## {heading}\n", *_lines(DOCS / folder), ""])


def _lines(folder: Path) -> Iterator[str]:
    for page in sorted(folder.glob("*.md")):
        yield f"- [{markdown.title(page.read_text(encoding='utf-8'))}]({folder.name}/{page.name})"
