"""YAML files as nodes that know their line; nothing in a file is ever executed.

Anchors and aliases are refused: they make files that grow without end when read.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from yaml import YAMLError
from yaml.composer import Composer
from yaml.cyaml import CSafeLoader
from yaml.error import MarkedYAMLError
from yaml.events import AliasEvent, Event
from yaml.nodes import Node

from caseward.jobs.operation.problems import Problems

LARGEST_FILE_BYTES = 2_000_000
DEEPEST = 20


class _Document(Composer, CSafeLoader):
    """Composes nodes and builds nothing, refusing what a plain document has no need of."""

    def __init__(self, written: str) -> None:
        CSafeLoader.__init__(self, written)
        Composer.__init__(self)
        self.depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self.peek_event()
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            self._refuse(event, "anchors (&) and aliases (*) are not used here; write it out")
        if self.depth >= DEEPEST:
            self._refuse(event, f"nested deeper than {DEEPEST} levels")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def _refuse(self, event: Event | None, text: str) -> NoReturn:
        mark = event.start_mark if event else None
        raise MarkedYAMLError(problem=text, problem_mark=mark)  # type: ignore[arg-type]


def document(path: Path, name: str, problems: Problems) -> Node | None:
    """Return the one document of a file, or None when a problem was reported."""
    written = _text(path, name, problems)
    return None if written is None else _composed(written, name, problems)


def _text(path: Path, name: str, problems: Problems) -> str | None:
    try:
        if path.stat().st_size > LARGEST_FILE_BYTES:
            problems.add(name, 0, f"is larger than {LARGEST_FILE_BYTES:,} bytes")
            return None
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = wrong.object[: wrong.start].count(b"\n") + 1
        problems.add(name, line, "expected UTF-8 text; save the file as UTF-8")
    except OSError as wrong:
        problems.add(name, 0, f"cannot be read: {wrong.strerror or 'unknown reason'}")
    return None


def _composed(written: str, name: str, problems: Problems) -> Node | None:
    try:
        node: Node | None = _Document(written).get_single_node()
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        said = " ".join(filter(None, (wrong.context, wrong.problem)))
        problems.add(name, mark.line + 1 if mark else 0, f"is not valid YAML: {said}")
    except YAMLError as wrong:
        position = getattr(wrong, "position", 0)  # in bytes
        line = written.encode()[:position].count(b"\n") + 1
        problems.add(name, line, "contains a character that YAML does not allow")
    else:
        if node is None:
            problems.add(name, 0, "is empty")
        return node
    return None


def unexpected_names(folder: Path, expected: Iterable[str]) -> list[str]:
    """Return the YAML files of a folder that nobody would read."""
    known = set(expected)
    return sorted(
        path.name
        for path in folder.iterdir()
        if path.suffix in {".yaml", ".yml"} and path.name not in known
    )
