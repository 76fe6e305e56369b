"""Turn an HTML mail into text a person can read: paragraphs, lists, links, quotes kept."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

import nh3


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


BLOCKS = _words("p div h1 h2 h3 h4 h5 h6 ul ol table tr pre blockquote address hr dl dt dd")
PARAGRAPHS = _words("p h1 h2 h3 h4 h5 h6 ul ol table pre blockquote")
KEPT = BLOCKS | {"a", "br", "img", "li", "td", "th", "b", "i", "em", "strong", "span"}
DROPPED = {"script", "style", "head", "title", "template", "noscript", "object", "svg"}
ATTRIBUTES = {"a": {"href"}, "img": {"alt"}, "ol": {"start"}}
SPACES = re.compile(r"[ \t\r\n\f]+")
START_TAG = re.compile(r"<[A-Za-z]")
ANY_TAG = re.compile(r"<[^<>]*>")
MOST_CHARACTERS = 2_000_000
MOST_TAGS = 15_000
MOST_IN_PIECE = 200_000
MOST_WORDS = 30_000


def text_of(html: str) -> str:
    """Return the readable text of an HTML body.

    The HTML is first reduced to well-formed, harmless tags, so that malformed or hostile input
    costs no more than ordinary input. Quoted blocks get ">" in front of each line.
    """
    if is_heavy(html):
        return bare(html)
    clean = nh3.clean(
        html[:MOST_CHARACTERS],
        tags=set(KEPT),
        clean_content_tags=DROPPED,
        attributes=ATTRIBUTES,
        link_rel=None,
    )
    writer = _Writer()
    writer.feed(clean)
    writer.close()
    return writer.text()


def is_heavy(html: str) -> bool:
    """Whether the HTML has more tags, or more in one tag, than a mail has use for.

    Nested tags and attributes cost the sanitizer the square of their number: 15,000 tags under a
    second, 200,000 two minutes.
    """
    pieces = START_TAG.split(html)
    return len(pieces) > MOST_TAGS or any(
        len(piece) > MOST_IN_PIECE and len(piece.split()) > MOST_WORDS for piece in pieces
    )


def bare(html: str) -> str:
    """Return the text between the tags, without looking at what they mean."""
    text = unescape(ANY_TAG.sub(" ", html[:MOST_CHARACTERS]))
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


class _Writer(HTMLParser):
    """Writes lines as tags go by; expects the well-formed output of the sanitizer."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._lines: list[str] = []
        self._line = ""
        self._quotes = self._preformatted = 0
        self._lists: list[int | None] = []
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in BLOCKS or tag == "li":
            self._end_line(paragraph=tag in PARAGRAPHS and not self._lists)
        match tag:
            case "br":
                self._break()
            case "hr":
                self._lines.append(self._prefix() + "-" * 20)
            case "img" if given.get("alt"):
                self._add(f"[{given['alt']}]")
            case "a":
                self._link = (given.get("href") or "", len(self._line))
            case "td" | "th" if self._line and not self._line.endswith(" "):
                self._line += " "
            case "li":
                self._add(self._bullet())
            case "ul" | "ol":
                self._lists.append(_number(given.get("start")) if tag == "ol" else None)
            case "blockquote":
                self._quotes += 1
            case "pre":
                self._preformatted += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS or tag == "li":
            self._end_line(paragraph=tag in PARAGRAPHS and len(self._lists) < 2)
        match tag:
            case "a":
                self._close_link()
            case "ul" | "ol" if self._lists:
                self._lists.pop()
            case "blockquote":
                self._quotes = max(0, self._quotes - 1)
            case "pre":
                self._preformatted = max(0, self._preformatted - 1)

    def handle_data(self, data: str) -> None:
        if not self._preformatted:
            self._add(SPACES.sub(" ", data))
            return
        first, *others = data.splitlines() or [""]
        self._line += first
        for line in others:
            self._break()
            self._line += line

    def text(self) -> str:
        """Return everything written so far."""
        self._end_line(paragraph=False)
        return re.sub(r"\n{3,}", "\n\n", "\n".join(self._lines)).strip("\n")

    def _add(self, words: str) -> None:
        if words.startswith(" ") and (not self._line or self._line.endswith(" ")):
            words = words[1:]
        self._line += words

    def _close_link(self) -> None:
        target, start = self._link or ("", 0)
        label, self._link = self._line[start:].strip(), None
        address = target.removeprefix("mailto:")
        if not target or target.startswith("#") or address.rstrip("/") == label.rstrip("/"):
            return
        if label.rstrip("/") not in {target.partition("://")[2].rstrip("/"), address}:
            self._line += f" <{target}>" if label else f"<{target}>"

    def _bullet(self) -> str:
        indent = "  " * max(0, len(self._lists) - 1)
        if not self._lists or (number := self._lists[-1]) is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number}. "

    def _prefix(self) -> str:
        return ">" * min(self._quotes, 50) + " " if self._quotes else ""

    def _break(self) -> None:
        self._lines.append((self._prefix() + self._line.replace("\xa0", " ")).rstrip())
        self._line = ""

    def _end_line(self, *, paragraph: bool) -> None:
        if self._line.strip():
            self._break()
        self._line = ""
        blank = self._prefix().rstrip()
        if paragraph and self._lines and self._lines[-1] != blank:
            self._lines.append(blank)


def _number(start: str | None) -> int:
    return int(start) if start and start.isascii() and start.isdigit() and len(start) < 9 else 1
