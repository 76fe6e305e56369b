"""Join the soft line breaks of `format=flowed` text (RFC 3676)."""

from __future__ import annotations

import re

DEPTH = re.compile(r"^(>*) ?(.*)$", re.DOTALL)
FLOWED = re.compile(r"format\s*=\s*\"?flowed", re.IGNORECASE)
DELETES_SPACE = re.compile(r"delsp\s*=\s*\"?yes", re.IGNORECASE)


def joined(text: str, parameters: str) -> str:
    """Return the text with soft breaks joined when its Content-Type says it has any."""
    if not FLOWED.search(parameters):
        return text
    without_space = bool(DELETES_SPACE.search(parameters))
    lines: list[tuple[str, list[str]]] = []
    open_depth: str | None = None
    for raw in text.splitlines():
        depth, line = _taken_apart(raw)
        if open_depth == depth and line != "-- ":
            lines[-1][1].append(line)
        else:
            lines.append((depth, [line]))
        soft = line.endswith(" ") and line != "-- "
        if soft and without_space:
            lines[-1][1][-1] = line[:-1]
        open_depth = depth if soft else None
    return "\n".join(
        f"{depth} {''.join(line)}" if depth else "".join(line) for depth, line in lines
    )


def _taken_apart(raw: str) -> tuple[str, str]:
    if not raw.startswith((">", " ")):
        return "", raw
    match = DEPTH.match(raw)
    return (match[1], match[2]) if match else ("", raw)
