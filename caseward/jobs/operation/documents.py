"""YAML files as nodes that know their line; nothing in a file is ever executed.

Anchors and aliases are refused: they make files that grow without end when read.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn

from yaml import SafeLoader, YAMLError
from yaml.error import MarkedYAMLError
from yaml.events import AliasEvent, Event
from yaml.nodes import Node

from caseward.jobs.operation.problems import Problems

LARGEST_FILE_BYTES = 2_000_000
DEEPEST = 20


class _PlainLoader(SafeLoader):
    """Composes nodes, refusing what a plain document has no need of."""

    depth = 0

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event = self._next()
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            self._refuse("anchors (&) and aliases (*) are not used here; write it out")
        if self.depth >= DEEPEST:
            self._refuse(f"nested deeper than {DEEPEST} levels")
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def _next(self) -> Event:
        event: Event = self.peek_event()  # type: ignore[no-untyped-call]
        return event

    def _refuse(self, text: str) -> NoReturn:
        raise MarkedYAMLError(problem=text, problem_mark=self._next().start_mark)


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
        node: Node | None = _PlainLoader(written).get_single_node()
    except MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        said = " ".join(filter(None, (wrong.context, wrong.problem)))
        problems.add(name, mark.line + 1 if mark else 0, f"is not valid YAML: {said}")
    except YAMLError as wrong:
        position = getattr(wrong, "position", 0)
        line = written[:position].count("\n") + 1
        problems.add(name, line, "contains a character that YAML does not allow")
    except ValueError:  # an escape such as "\\UFFFFFFFF", which names no character
        problems.add(name, 0, "contains an escape that names no character")
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
