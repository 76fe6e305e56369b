"""Find the quotation in a reply, and decide whether its answers stand above, below or between."""

from __future__ import annotations

import re

from caseward.channels.email import trimming_words as words

LONGEST_LINE = 2_000
QUOTE = re.compile(r"^\s{0,3}(?:[A-Z][a-z]{0,12})?>|^\|(?: [^|]*$|\s*$)")
BROKEN_QUOTE_MARK = re.compile(r"^>\s*(?:wrote|[:：])")
TEXT, EMPTY, QUOTED, ATTRIBUTION = "t", "e", "q", "b"


def cut_quotes(lines: list[str]) -> tuple[list[str], list[str]]:
    """Return the lines to show and the quotation to fold away."""
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
    if not _may_end_attribution(lines[end]):
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


def _may_end_attribution(line: str) -> bool:
    """A quick look that rules out nearly every line of ordinary text."""
    if not 1 < len(line) <= LONGEST_LINE:
        return False
    end = words.INVISIBLE.sub("", line[-20:]).rstrip(" \t*_\u00a0")
    return end.endswith((":", "：", ">", "-")) or "@" in line or line.startswith("20")


def _is_attribution(line: str) -> bool:
    if words.OLD_GMAIL.match(line):
        return True
    dated = words.DATE.search(line) is not None
    if words.WROTE_AT_END.search(line[-60:]):
        if words.WROTE_BY_SELF.search(line):
            return False
        closed = line.rstrip("* ").endswith((":", "：", "-"))
        addressed = words.ANY_EMAIL.search(line) is not None
        opened = words.OPENS_ATTRIBUTION.match(line) and any(c.isdigit() for c in line)
        return (closed or addressed) and bool(
            opened
            or (dated and _is_dated_start(line))
            or (addressed and words.ANGLED_EMAIL.search(line) and len(line) < 200)
        )
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
    taken = 0
    for size in range(1, 4):
        above = start - size
        if above < 0 or kinds[above] != TEXT or len(lines[above]) > 80:
            break
        line = lines[above].strip()
        if words.OPENS_ATTRIBUTION.match(line) and any(c.isdigit() for c in line):
            taken = size
    return taken


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
