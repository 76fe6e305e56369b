"""The values of one entry, each asked for by its name and kind.

What is asked for is what is known: names never asked for are reported as unknown, so no list of
allowed names exists beside the reading itself. A wrong value is reported and replaced by a
harmless one; nobody sees it, as an operation with problems is never given out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from caseward.jobs.operation import values
from caseward.jobs.operation.parts import Hours, Translations
from caseward.jobs.operation.problems import Place, Problems, did_you_mean

_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Source:
    """The file being read, and where its problems go."""

    file: str
    problems: Problems
    languages: tuple[str, ...] = ()

    def say(self, node: Node, text: str) -> None:
        self.problems.add(self.file, line_of(node), text)


def line_of(node: Node) -> int:
    return int(node.start_mark.line) + 1


def found(node: Node) -> str:
    """Say in a few words what was written."""
    if isinstance(node, MappingNode):
        return "several named values"
    if isinstance(node, SequenceNode):
        return "a list"
    written = str(node.value)
    return f'"{written[:_SHOWN]}…"' if len(written) > _SHOWN else f'"{written}"'


class Fields:
    """The named values of one entry."""

    def __init__(self, node: Node, source: Source) -> None:
        self._source = source
        self._asked: set[str] = set()
        self._nodes = self._pairs(node)
        lines = {name: line_of(value) for name, value in self._nodes.items()}
        self.place = Place(source.file, line_of(node), lines)
        self._node = node

    def _pairs(self, node: Node) -> dict[str, Node]:
        if not isinstance(node, MappingNode):
            self._source.say(node, f'expected named values ("name: …"), found {found(node)}')
            return {}
        pairs: dict[str, Node] = {}
        for name, value in node.value:
            self._keep(pairs, name, value)
        return pairs

    def _keep(self, pairs: dict[str, Node], name: Node, value: Node) -> None:
        if not isinstance(name, ScalarNode):
            self._source.say(name, f"expected a name, found {found(name)}")
        elif name.value in pairs:
            first = line_of(pairs[name.value])
            self._source.say(name, f'"{name.value}" is given twice, first on line {first}')
        else:
            pairs[name.value] = value

    def refuse_unknown(self) -> None:
        """Report every name nobody asked for."""
        for name, value in self._nodes.items():
            if name not in self._asked:
                hint = did_you_mean(name, self._asked - self._nodes.keys())
                known = ", ".join(sorted(self._asked))
                self._source.say(value, f'"{name}" is not known here{hint or f"; known: {known}"}')

    def _node_of(self, name: str, *, required: bool = True) -> Node | None:
        self._asked.add(name)
        node = self._nodes.get(name)
        if node is None and required:
            self._source.say(self._node, f'"{name}" is missing')
        return node

    def _parsed[T](self, name: str, node: Node, parse: Callable[[Node], T]) -> T | None:
        try:
            return parse(node)
        except values.Unexpected as wrong:
            self._source.say(
                node, f"{name}: expected {wrong.expected}, found {found(node)}{wrong.hint}"
            )
            return None

    def value[T](self, name: str, parse: Callable[[Node], T], instead: T) -> T:
        """Return a value every entry must have."""
        node = self._node_of(name)
        parsed = None if node is None else self._parsed(name, node, parse)
        return instead if parsed is None else parsed

    def optional[T](self, name: str, parse: Callable[[Node], T]) -> T | None:
        node = self._node_of(name, required=False)
        return None if node is None else self._parsed(name, node, parse)

    def key(self, name: str = "key") -> str:
        return self.value(name, values.key, "")

    def text(self, name: str) -> str:
        return self.value(name, values.text, "")

    def day(self, name: str) -> date:
        return self.value(name, values.day, date.min)

    def one_of(self, name: str, known: Iterable[str]) -> str:
        """Return one of a few known words."""
        word = self.value(name, values.text, "")
        if word and word not in known:
            choices = ", ".join(known)
            self._source.problems.at(
                self.place, name, f'{name}: expected one of {choices}, found "{word}"'
            )
        return word

    def has(self, name: str) -> bool:
        """Return whether a value is given."""
        self._asked.add(name)
        return name in self._nodes

    def says(self, name: str, word: str) -> bool:
        """Return whether a value is this one word."""
        node = self._nodes.get(name)
        self._asked.add(name)
        return isinstance(node, ScalarNode) and node.value == word

    def _items(self, name: str, *, required: bool) -> list[Node]:
        node = self._node_of(name, required=required)
        if node is None:
            return []
        if not isinstance(node, SequenceNode):
            self._source.say(node, f"{name}: expected a list, found {found(node)}")
            return []
        for index, item in enumerate(node.value):
            self.place.lines[f"{name}.{index}"] = line_of(item)
        return list(node.value)

    def list_of[T](
        self, name: str, parse: Callable[[Node], T], *, required: bool = True
    ) -> tuple[T, ...]:
        """Return a list of single values, each given once."""
        parsed: list[T] = []
        for item in self._items(name, required=required):
            value = self._parsed(name, item, parse)
            if value is not None and value in parsed:
                self._source.say(item, f"{name}: {found(item)} is given twice")
            elif value is not None:
                parsed.append(value)
        return tuple(parsed)

    def entries[T](
        self, name: str, build: Callable[[Fields], T], *, required: bool = False
    ) -> tuple[T, ...]:
        """Return a list of entries with named values of their own."""
        return tuple(
            build_entry(item, self._source, build) for item in self._items(name, required=required)
        )

    def entry[T](self, name: str, build: Callable[[Fields], T], instead: T) -> T:
        node = self._node_of(name)
        return instead if node is None else build_entry(node, self._source, build)

    def translations(self, name: str, *, required: bool = True) -> Translations:
        """Return one text for each language of the operation."""
        return self.per_language(name, Fields.text, required=required)

    def per_language[T](
        self, name: str, ask: Callable[[Fields, str], T], *, required: bool = True
    ) -> Mapping[str, T]:
        node = self._node_of(name, required=required)
        if node is None:
            return {}
        texts = Fields(node, self._source)
        answers = {code: ask(texts, code) for code in self._source.languages}
        texts.refuse_unknown()
        return answers

    def hours(self, name: str) -> Hours:
        """Return the opening hours of one day; an empty list is a day off."""
        spans = self.list_of(name, values.span)
        if values.overlap(spans):
            self._source.problems.at(self.place, name, f"{name}: two of the spans overlap")
        return tuple(sorted(spans))


def build_entry[T](node: Node, source: Source, build: Callable[[Fields], T]) -> T:
    """Build one entry and report the names nobody asked for."""
    fields = Fields(node, source)
    part = build(fields)
    fields.refuse_unknown()
    return part
