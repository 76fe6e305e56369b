"""What differs between two versions, word by word."""

import re
from difflib import SequenceMatcher

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WORDS = re.compile(r"\s+|[\u3400-\u9fff]|[^\s\u3400-\u9fff]+")
MOST_WORDS = 4000


def difference(before: str, after: str) -> SafeString:
    """Return the later text with what went out in <del> and what came in in <ins>."""
    old, new = WORDS.findall(before)[:MOST_WORDS], WORDS.findall(after)[:MOST_WORDS]
    parts: list[str] = []
    for change, i, j, k, n in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if change == "equal":
            parts.append(escape("".join(old[i:j])))
            continue
        parts.append(_inside("del", "".join(old[i:j])) + _inside("ins", "".join(new[k:n])))
    return mark_safe("".join(parts))  # noqa: S308  (every part is escaped above)


def _inside(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>" if text else ""
