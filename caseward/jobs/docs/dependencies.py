"""Every package Caseward needs has a sentence on why writing it ourselves would be worse."""

import re
import tomllib
from collections.abc import Iterator

from caseward.jobs.docs import DOCS, ROOT, markdown

PAGE = DOCS / "decisions" / "0007-dependencies.md"
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def needed() -> set[str]:
    """Return the packages the program runs with."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return {_name(each) for each in project["dependencies"]}


def problems() -> Iterator[str]:
    told = {cells[0].strip("`") for cells in markdown.rows(PAGE.read_text(encoding="utf-8"))}
    for name in sorted(needed() - told):
        yield f"docs/decisions/{PAGE.name} does not say why we need {name}."
    for name in sorted(told - needed()):
        yield f"docs/decisions/{PAGE.name} explains {name}, which pyproject.toml does not name."


def _name(requirement: str) -> str:
    match = NAME.match(requirement)
    assert match is not None  # or pip could not read it either
    return match[0]
