"""Find where a signature begins: behind its mark, or in words a telephone adds by itself."""

from __future__ import annotations

from caseward.channels.email import trimming_words as words
from caseward.channels.email.quotations import QUOTE

LAST_LINES = 60  # a signature begins no further from the end


def cut_last_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Cut a signature at the very end first: a quotation above it then ends the text."""
    start = _signature_start(lines)
    if any(QUOTE.match(line) or words.WROTE_AT_END.search(line[-200:]) for line in lines[start:]):
        return lines, []
    return lines[:start], lines[start:]


def cut_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the text without its signature, and the signature."""
    lines = without_last_rule(lines)
    start = _signature_start(lines)
    kept, signature = without_last_rule(lines[:start]), lines[start:]
    return _cut_device_lines(kept, signature)


def _signature_start(lines: list[str]) -> int:
    """Return the line a signature begins at, or the number of lines when there is none."""
    fenced = sum(line.startswith("```") for line in lines) > 1
    for number in range(max(0, len(lines) - LAST_LINES), len(lines)):
        line = lines[number]
        if fenced or not words.RULE.match(line):
            continue
        rest = [below for below in lines[number + 1 :] if below.strip()]
        if words.SIGNATURE_MARK.match(line) and len(rest) <= 15 and has_text(lines[:number]):
            return number
        blank_above = number > 0 and not lines[number - 1].strip()
        if words.SIGNATURE_RULE.match(line) and blank_above and _is_card(rest):
            return number
    return len(lines)


def _is_card(rest: list[str]) -> bool:
    """A few short lines, none of them another rule: a name, a title, a number."""
    return len(rest) <= 6 and all(len(r) < 80 and not words.RULE.match(r) for r in rest)


def _cut_device_lines(kept: list[str], signature: list[str]) -> tuple[list[str], list[str]]:
    found = [n for n, line in enumerate(kept) if len(line) < 200 and _is_device_line(line)]
    if not found or not has_text(kept[: found[0]]):
        return kept, signature
    start = found[0]
    below = [line for n, line in enumerate(kept) if n >= start and n not in found and line.strip()]
    alone = not kept[start - 1].strip() or not below
    if alone:
        return without_last_rule(kept[:start]), [*kept[start:], *signature]
    return kept, signature


def _is_device_line(line: str) -> bool:
    short = words.LINKS.sub("", line).strip()
    if not words.DEVICE.match(short):
        return False
    return len(short.split()) <= 9 and ("," not in short or _excuses(short))


def _excuses(line: str) -> bool:
    return words.DEVICE_TYPO_EXCUSE.search(line) is not None


def has_text(lines: list[str]) -> bool:
    """Whether any line says something; ruled lines do not."""
    return any(line.strip() and not words.RULE.match(line) for line in lines)


def without_last_rule(lines: list[str]) -> list[str]:
    """Drop blank and ruled lines at the end."""
    end = len(lines)
    while end and (not lines[end - 1].strip() or words.RULE.match(lines[end - 1])):
        end -= 1
    return lines[:end]
