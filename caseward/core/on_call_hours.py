"""Hours of people on call as somebody writes them: `mon-fri 18:00-06:00`, a line for each.

They are kept as windows: `mon`…`sun` to spans of that day, such as `[["18:00", "24:00"]]`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from caseward.core.paging import DAYS

type Windows = Mapping[str, Sequence[Sequence[str]]]
type Minutes = tuple[int, int]

DAY = 24 * 60
LINE = re.compile(r"([a-z][a-z,\s-]*?)\s+(\d.*)")
SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
SHORTEST_RUN = 3  # of days written as `mon-wed`


class BadHours(ValueError):
    """A line that says no hours; `line` is that line."""

    def __init__(self, line: str) -> None:
        super().__init__(line)
        self.line = line


def read_hours(text: str) -> dict[str, list[list[str]]]:
    """Return the windows a text says; nothing written is at any time.

    A span that ends before it begins, or as it begins, ends on the next day.

    Raises:
        BadHours: a line cannot be read.
    """
    days: dict[int, list[Minutes]] = {}
    for line in filter(None, map(str.strip, text.lower().splitlines())):
        for day, start, end in _read_line(line):
            days.setdefault(day % 7, []).append((start, min(end, DAY)))
            if end > DAY:
                days.setdefault((day + 1) % 7, []).append((0, end - DAY))
    return {DAYS[day]: _as_text(days[day]) for day in sorted(days)}


def _read_line(line: str) -> Iterator[tuple[int, int, int]]:
    found = LINE.fullmatch(line)
    if found is None:
        raise BadHours(line)
    days = [day for part in re.split(r"[,\s]+", found[1]) if part for day in _days(part, line)]
    for written in found[2].split(","):
        start, end = _span(written.strip(), line)
        for day in days:
            yield day, start, end if end > start else end + DAY


def _days(part: str, line: str) -> list[int]:
    first, _dash, last = part.partition("-")
    one, other = _day(first, line), _day(last or first, line)
    return [(one + ahead) % 7 for ahead in range((other - one) % 7 + 1)]


def _day(word: str, line: str) -> int:
    if word[:3] not in DAYS or not word.isalpha():
        raise BadHours(line)
    return DAYS.index(word[:3])


def _span(written: str, line: str) -> Minutes:
    found = SPAN.fullmatch(written)
    if found is None:
        raise BadHours(line)
    hours = [int(found[1]), int(found[2]), int(found[3]), int(found[4])]
    start, end = hours[0] * 60 + hours[1], hours[2] * 60 + hours[3]
    if max(hours[1], hours[3]) > 59 or start >= DAY or end > DAY:
        raise BadHours(line)
    return start, end


def _as_text(spans: Iterable[Minutes]) -> list[list[str]]:
    return [[_clock(start), _clock(end)] for start, end in _joined(spans)]


def _joined(spans: Iterable[Minutes]) -> list[Minutes]:
    """Return spans in order; those that meet or overlap are one."""
    joined: list[Minutes] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def written_hours(windows: Windows) -> str:
    """Return windows as somebody would write them, nights in one piece; see `read_hours`."""
    spans = [
        [(_minutes(start), _minutes(end)) for start, end in windows.get(day, ())] for day in DAYS
    ]
    return "\n".join(
        f"{_written_days(days)} {_clock(start)}-{_clock(end)}"
        for (start, end), days in _by_span(_nights_joined(spans)).items()
    )


def _nights_joined(spans: Sequence[list[Minutes]]) -> list[tuple[int, Minutes]]:
    """Return each span with its day; one until midnight goes on into the next morning."""
    mornings = {day for day in range(7) if _goes_on(spans, day - 1)}
    found = []
    for day, of_day in enumerate(spans):
        for start, end in of_day[1:] if day in mornings else of_day:
            night = end == DAY and (day + 1) % 7 in mornings
            found.append((day, (start, spans[(day + 1) % 7][0][1] if night else end)))
    return found


def _goes_on(spans: Sequence[list[Minutes]], day: int) -> bool:
    evening, morning = spans[day % 7][-1:], spans[(day + 1) % 7][:1]
    if not evening or not morning or evening[0][1] != DAY or morning[0][0] != 0:
        return False
    return 0 < morning[0][1] <= evening[0][0]


def _by_span(found: Iterable[tuple[int, Minutes]]) -> dict[Minutes, list[int]]:
    days: dict[Minutes, list[int]] = {}
    for day, span in found:
        days.setdefault(span, []).append(day)
    return days


def _written_days(days: Sequence[int]) -> str:
    runs = [
        [day for _place, day in run]
        for _key, run in groupby(enumerate(days), key=lambda pair: pair[1] - pair[0])
    ]
    return ",".join(_written_run(run) for run in runs)


def _written_run(run: Sequence[int]) -> str:
    if len(run) >= SHORTEST_RUN:
        return f"{DAYS[run[0]]}-{DAYS[run[-1]]}"
    return ",".join(DAYS[day] for day in run)
