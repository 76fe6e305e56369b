"""Separate what a person wrote from what their mail program put around it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from caseward.channels.email import trimming_words as words

MOST_LINES = 20_000
LONGEST_LINE = 2_000
QUOTE = re.compile(r"^\s{0,3}(?:[A-Z][a-z]{0,12})?>|^\|(?: [^|]*$|\s*$)")
BROKEN_QUOTE_MARK = re.compile(r"^>\s*(?:wrote|[:：])")
TEXT, EMPTY, QUOTED, ATTRIBUTION = "t", "e", "q", "b"


@dataclass(frozen=True, slots=True)
class Trimmed:
    """One body, divided: nothing is thrown away, only folded.

    `forwarded` is somebody else's message the writer wants to show us; `quoted` is history.
    """

    visible: str
    quoted: str = ""
    signature: str = ""
    forwarded: str = ""


def trim(text: str, *, subject: str = "") -> Trimmed:
    """Divide a plain-text body into what was written now, history, signature and forwarded mail.

    A reply between the quoted lines keeps them, because the answers mean nothing without; a reply
    above or below one quotation loses it. Where in doubt, text stays visible.
    """
    lines = _clean(text)
    top, rest, is_forward = _cut_hard(lines, words.FORWARD_SUBJECT.match(subject) is not None)
    if is_forward:
        return _forward(top, rest)
    kept, quoted = _cut_quotes(top)
    kept, signature = _cut_signature(kept)
    if rest and not _has_text(kept) and not quoted:
        kept, rest = rest, []
    return Trimmed(_joined(kept), _joined([*quoted, *rest]), _joined(signature))


def _forward(top: list[str], rest: list[str]) -> Trimmed:
    kept, quoted = _cut_quotes(top)
    kept, signature = _cut_signature(kept)
    visible = kept if _has_text(kept) else _without_headers(rest)
    return Trimmed(_joined(visible), _joined(quoted), _joined(signature), _joined(rest))


def _clean(text: str) -> list[str]:
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], "\n".join(lines[MOST_LINES:])]
    return lines


def _joined(lines: list[str]) -> str:
    start, end = 0, len(lines)
    while start < end and not lines[start].strip():
        start += 1
    while start < end and not lines[end - 1].strip():
        end -= 1
    return "\n".join(lines[start:end])


def _has_text(lines: list[str]) -> bool:
    return any(line.strip() and not words.RULE.match(line) for line in lines)


# Where somebody else's message begins for certain


def _cut_hard(lines: list[str], is_forward: bool) -> tuple[list[str], list[str], bool]:
    """Cut at our marker, an "Original Message" line, a forward mark or a block of mail headers."""
    for number, line in enumerate(lines):
        if len(line) > LONGEST_LINE:
            continue
        if words.FORWARD.match(line) and _headers_follow(lines, number + 1):
            return lines[:number], lines[number:], True
        if line.lstrip("> ").startswith(words.OUR_MARKER) or words.ORIGINAL.match(line):
            return _without_last_rule(lines[:number]), lines[number:], is_forward
        if ":" in line or "：" in line:
            size = _header_block(lines, number)
            if size and not line.lstrip().startswith(">"):
                return _without_last_rule(lines[:number]), lines[number:], is_forward
    return lines, [], False


def _headers_follow(lines: list[str], start: int) -> bool:
    return any(words.HEADER.match(line) for line in lines[start : start + 5])


def _header_block(lines: list[str], start: int) -> int:
    """Return how many lines from here are the headers of a quoted mail, 0 when they are not.

    Three different fields in a row are headers; so are two with an address or date in them
    behind a ruled line.
    """
    found: set[str] = set()
    misses, end = 0, start
    for number in range(start, min(start + 14, len(lines))):
        header = words.HEADER.match(lines[number][:LONGEST_LINE])
        if header and header.lastgroup:
            found.add(next(kind for kind in _KINDS if header[kind] is not None))
            misses, end = 0, number + 1
        elif number == start or (misses := misses + 1) > 2:
            break
    if len(found - {"reply"}) >= 3 or (_after_rule(lines, start) and len(found - {"to"}) >= 2):
        return end - start
    return 0


_KINDS = ("sender", "date", "to", "subject", "reply")


def _after_rule(lines: list[str], start: int) -> bool:
    above = [line for line in lines[max(0, start - 2) : start] if line.strip()]
    return bool(above) and words.SIGNATURE_RULE.match(above[-1]) is not None


def _without_last_rule(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and (not lines[end - 1].strip() or words.RULE.match(lines[end - 1])):
        end -= 1
    return lines[:end]


def _without_headers(lines: list[str]) -> list[str]:
    bare = [re.sub(r"^\s{0,3}>\s?", "", line) for line in lines]
    start = next((n for n in range(1, min(8, len(bare))) if words.HEADER.match(bare[n])), 1)
    blank = next((n for n in range(start, len(bare)) if not bare[n].strip()), len(bare))
    return bare[blank:]


# Quotations


def _cut_quotes(lines: list[str]) -> tuple[list[str], list[str]]:
    kinds = _kinds(lines)
    first = next((n for n, kind in enumerate(kinds) if kind == ATTRIBUTION), None)
    if first is None:
        return _cut_trailing_quote(lines, kinds)
    before, after = kinds[:first], kinds[first:]
    if _is_inline(after):
        return _kept_inline(lines, kinds)
    if TEXT in before and not (_is_greeting(lines[:first], before) and _words_below(after)):
        if QUOTED in before and QUOTED not in after and TEXT not in _tail(before):
            return _cut_trailing_quote(lines, kinds)
        return lines[:first], lines[first:]
    return _below_quote(lines, kinds, first)


def _kept_inline(lines: list[str], kinds: list[str]) -> tuple[list[str], list[str]]:
    """Keep the quoted lines that were answered, not the rest of the quotation at the end."""
    end = max(n for n, kind in enumerate(kinds) if kind == TEXT) + 1
    kept = [line for line, kind in zip(lines[:end], kinds, strict=False) if kind != ATTRIBUTION]
    return kept, lines[end:]


def _kinds(lines: list[str]) -> list[str]:
    kinds = [_kind(line) for line in lines]
    _mark_fences(lines, kinds)
    _mark_attributions(lines, kinds)
    _mark_wrapped_quotes(lines, kinds)
    return kinds


def _kind(line: str) -> str:
    if not line or line.isspace():
        return EMPTY
    if QUOTE.match(line) and not BROKEN_QUOTE_MARK.match(line):
        return QUOTED
    return TEXT


def _mark_fences(lines: list[str], kinds: list[str]) -> None:
    fences = [n for n, line in enumerate(lines) if line.startswith("```")]
    for start, end in zip(fences[::2], fences[1::2], strict=False):
        kinds[start : end + 1] = [TEXT] * (end + 1 - start)


def _mark_wrapped_quotes(lines: list[str], kinds: list[str]) -> None:
    """A line squeezed between two quoted ones after a long one was wrapped on its way to us."""
    for n in range(1, len(lines) - 1):
        if kinds[n] == TEXT and kinds[n - 1] == QUOTED == kinds[n + 1] and len(lines[n - 1]) > 55:
            kinds[n] = QUOTED


def _mark_attributions(lines: list[str], kinds: list[str]) -> None:
    for number, kind in enumerate(kinds):
        if kind == TEXT and (size := _attribution_ending_at(lines, kinds, number)):
            for line in range(number - size + 1, number + 1):
                kinds[line] = ATTRIBUTION


def _attribution_ending_at(lines: list[str], kinds: list[str], end: int) -> int:
    """Return how many lines "On … somebody wrote:" takes, ending here; 0 when it is no such line.

    It grows upwards only as far as it must, since the line above it is often the person's own.
    """
    last = words.INVISIBLE.sub("", lines[end][:LONGEST_LINE]).rstrip()
    if len(last) > 400 or not (
        words.ENDS_OPEN.search(last) or words.WROTE_AT_END.search(last) or words.OLD_GMAIL.match(last)
    ):
        return 0
    joined = ""
    for size in range(1, 8):
        start = end - size + 1
        if start < 0 or kinds[start] in {QUOTED, ATTRIBUTION}:
            return 0
        joined = f"{words.INVISIBLE.sub('', lines[start]).strip()} {joined}".strip()
        if len(joined) > 500:
            return 0
        if _is_attribution(joined):
            return size + _date_lines_above(lines, kinds, start, joined)
    return 0


def _is_attribution(line: str) -> bool:
    if words.OLD_GMAIL.match(line):
        return True
    dated = words.DATE.search(line) is not None
    if words.WROTE_AT_END.search(line):
        if words.WROTE_BY_SELF.search(line):
            return False
        closed = line.rstrip("* ").endswith((":", "：", "-"))
        addressed = words.ANY_EMAIL.search(line) is not None
        opened = words.OPENS_ATTRIBUTION.match(line) and any(c.isdigit() for c in line)
        return (closed or addressed) and bool(opened or (dated and _is_dated_start(line)) or (
            addressed and words.ANGLED_EMAIL.search(line) and len(line) < 200
        ))
    if words.WROTE_BEFORE_DATE.search(line):
        return True
    return dated and _is_dated_start(line) and words.EMAIL_AT_END.search(line) is not None


def _is_dated_start(line: str) -> bool:
    """The date stands at the front, as programs write it, or right after the address."""
    return words.DATE.search(line[:60]) is not None or ">" in line[:120]


def _date_lines_above(lines: list[str], kinds: list[str], start: int, joined: str) -> int:
    """Some programs break the line inside the date; take those lines in, too."""
    if words.DATE.search(joined):
        return 0
    for size in range(1, 4):
        above = start - size
        if above < 0 or kinds[above] != TEXT or len(lines[above]) > 80:
            return 0
        line = lines[above].strip()
        if words.OPENS_ATTRIBUTION.match(line) and words.DATE.search(line):
            return size
    return 0


def _tail(kinds: list[str]) -> list[str]:
    last = max((n for n, kind in enumerate(kinds) if kind == QUOTED), default=-1)
    return kinds[last + 1 :]


def _is_inline(after: list[str]) -> bool:
    """Whether somebody answered between the quoted lines, or wrote at length below them."""
    runs = re.findall(r"[qe]*q[qe]*", "".join(after))
    pattern = "".join(after)
    between = re.search(r"q[eb]*t[teb]*q", pattern) is not None
    return between or (len(runs) == 1 and pattern.startswith("b") and _long_below(pattern))


def _long_below(pattern: str) -> bool:
    below = re.search(r"q([teb]*)$", pattern)
    return below is not None and below[1].count(TEXT) >= 7


def _is_greeting(lines: list[str], kinds: list[str]) -> bool:
    written = [line for line, kind in zip(lines, kinds, strict=True) if kind == TEXT]
    return len(written) == 1 and bool(re.match(r"^[^.!?]{1,40},\s*$", written[0]))


def _words_below(after: list[str]) -> bool:
    return QUOTED in after and TEXT in _tail(after)


def _below_quote(lines: list[str], kinds: list[str], first: int) -> tuple[list[str], list[str]]:
    """Nothing was written above the quotation: what counts stands below it."""
    last = max((n for n, kind in enumerate(kinds) if kind == QUOTED), default=-1)
    if last < first:
        own = [line for line, kind in zip(lines, kinds, strict=True) if kind != ATTRIBUTION]
        return own, [line for line, kind in zip(lines, kinds, strict=True) if kind == ATTRIBUTION]
    if TEXT in kinds[last + 1 :]:
        return [*lines[:first], *lines[last + 1 :]], lines[first : last + 1]
    return lines[:first], lines[first:]


def _cut_trailing_quote(lines: list[str], kinds: list[str]) -> tuple[list[str], list[str]]:
    match = re.search(r"[eqb]*q[eqb]*$", "".join(kinds))
    if not match:
        return lines, []
    start = match.start()
    if TEXT in kinds[:start] or _is_quoted_reply(lines[start:]):
        return lines[:start], lines[start:]
    return lines, []


def _is_quoted_reply(lines: list[str]) -> bool:
    bare = [line.lstrip("> \t") for line in lines if line.strip("> \t")]
    return any(_is_attribution(" ".join(bare[:size])) for size in (1, 2, 3))


# Signatures


def _cut_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    lines = _without_last_rule(lines)
    start = _signature_start(lines)
    kept, signature = _without_last_rule(lines[:start]), lines[start:]
    return _cut_device_lines(kept, signature)


def _signature_start(lines: list[str]) -> int:
    """Return the line a signature begins at, or the number of lines when there is none."""
    fenced = sum(line.startswith("```") for line in lines) > 1
    for number, line in enumerate(lines):
        if fenced or not words.RULE.match(line):
            continue
        rest = [below for below in lines[number + 1 :] if below.strip()]
        if words.SIGNATURE_MARK.match(line) and len(rest) <= 15 and _has_text(lines[:number]):
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
    if not found or not _has_text(kept[: found[0]]):
        return kept, signature
    start = found[0]
    below = [line for n, line in enumerate(kept) if n >= start and n not in found and line.strip()]
    alone = not kept[start - 1].strip() or not below
    if alone:
        return _without_last_rule(kept[:start]), [*kept[start:], *signature]
    return kept, signature


def _is_device_line(line: str) -> bool:
    short = words.LINKS.sub("", line).strip()
    if not words.DEVICE.match(short):
        return False
    return len(short.split()) <= 9 and ("," not in short or _excuses(short))


def _excuses(line: str) -> bool:
    return words.DEVICE_TYPO_EXCUSE.search(line) is not None
