"""Lay out the words of a mail as plain text and as simple HTML that any reader can use."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape

URL = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]}]")
QUIET = "color:#595959"  # 7:1 on white


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says, before it is laid out.

    `marker` stands above everything, so that replies show where their history begins; `choices`
    are links with a label; `footer` stands small below.
    """

    title: str
    language: str
    words: tuple[str, ...]
    marker: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    footer: tuple[str, ...] = ()


def as_text(letter: Letter) -> str:
    """Lay a letter out as plain text."""
    choices = [f"{label}: {url}" for label, url in letter.choices]
    parts = [letter.marker, *letter.words, *choices]
    if letter.footer:
        parts.append("-- \n" + "\n".join(letter.footer))
    return "\n\n".join(part for part in parts if part) + "\n"


def as_html(letter: Letter) -> str:
    """Lay a letter out as HTML: one column, real links, large type, no images."""
    return (
        f'<!doctype html>\n<html lang="{escape(letter.language)}" dir="auto">\n'
        f'<head><meta charset="utf-8"><title>{escape(letter.title)}</title></head>\n'
        '<body style="font-family:sans-serif;font-size:16px;line-height:1.5;max-width:40em">\n'
        f"{_quiet([letter.marker])}{_paragraphs(letter)}{_choices(letter)}{_quiet(letter.footer)}"
        "</body>\n</html>\n"
    )


def _paragraphs(letter: Letter) -> str:
    parts = [part for words in letter.words for part in words.split("\n\n") if part.strip()]
    return "".join(f"<p>{_linked(part)}</p>\n" for part in parts)


def _choices(letter: Letter) -> str:
    items = [f'<li><a href="{escape(u)}">{escape(t)}</a></li>\n' for t, u in letter.choices]
    return f'<ul style="list-style:none;padding:0">\n{"".join(items)}</ul>\n' if items else ""


def _quiet(lines: list[str] | tuple[str, ...]) -> str:
    return "".join(f'<p style="{QUIET}">{_linked(line)}</p>\n' for line in lines if line)


def _linked(text: str) -> str:
    """Escape text for HTML, keep its line breaks, turn addresses of pages into links."""
    out, end = [], 0
    for match in URL.finditer(text):
        url = escape(match[0])
        out += [escape(text[end : match.start()]), f'<a href="{url}">{url}</a>']
        end = match.end()
    return "".join([*out, escape(text[end:])]).replace("\n", "<br>\n")
