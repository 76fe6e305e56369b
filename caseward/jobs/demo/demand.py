"""Who writes in when: a week has its shape, a day has its shape, and one week goes wrong."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random
from zoneinfo import ZoneInfo

WEEKS = 8
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
INCIDENT_WEEK = 5
INCIDENT = ("account-security", "hacked-account")

# Share of a day's messages by the hour of the day where the writer is: low before dawn, a first
# peak before noon, the highest in the evening.
BY_HOUR = (
    2.0, 1.2, 0.7, 0.5, 0.5, 0.9, 2.0, 3.4, 4.8, 5.9, 6.4, 6.3,
    5.8, 5.5, 5.4, 5.3, 5.4, 5.6, 5.9, 6.6, 6.9, 6.2, 4.6, 3.2,
)  # fmt: skip
BY_WEEKDAY = (1.12, 1.08, 1.04, 1.02, 1.04, 0.90, 0.80)  # Monday first

# (language, share of all messages, zone of most who write in it, countries with their weights)
MARKETS: Sequence[tuple[str, float, str, dict[str, int]]] = (
    ("en", 0.41, "Asia/Kolkata", {"IN": 55, "MY": 28, "SG": 17}),
    ("hi", 0.25, "Asia/Kolkata", {"IN": 100}),
    ("ms", 0.15, "Asia/Kuala_Lumpur", {"MY": 96, "SG": 4}),
    ("ta", 0.08, "Asia/Kolkata", {"IN": 62, "MY": 26, "SG": 12}),
    ("zh", 0.11, "Asia/Kuala_Lumpur", {"MY": 64, "SG": 36}),
)
COUNTRIES = {language: countries for language, _, _, countries in MARKETS}

# Line of business → its share, and how often each of its reasons comes.
TOPICS: dict[str, tuple[float, dict[str, int]]] = {
    "account-security": (
        0.36,
        {"hacked-account": 24, "lost-login": 38, "ban-appeal": 16, "impersonation": 12,
         "purchase-not-mine": 10},
    ),
    "age-support": (
        0.25,
        {"underage-ban": 40, "wrong-birthdate": 22, "feature-age-limit": 14,
         "parent-request": 15, "report-underage": 9},
    ),
    "minor-safety": (
        0.10,
        {"grooming": 18, "sextortion": 20, "bullying-of-minor": 42, "child-content-report": 20},
    ),
    "platform-integrity": (
        0.29,
        {"scam": 34, "spam": 16, "fake-account": 18, "content-removed": 26,
         "coordinated-abuse": 6},
    ),
}  # fmt: skip
CHANNELS = {"EMAIL": 52, "FORM": 40, "IN_APP": 8}
APPEALS = frozenset({"ban-appeal", "underage-ban", "content-removed"})

# The last day brings at least this many, so that also a short history ends with a full floor.
LAST_DAY_AT_LEAST = 150
LAST_DAY_AT_MOST = 0.3  # of all


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody is about to write in."""

    at: datetime
    lob: str
    reason: str
    language: str
    country: str
    channel: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of one market and line of business, with what to expect of it."""

    starts_at: datetime
    lob: str
    language: str
    expected: float
    incident: float  # how many times the usual of the incident's reason


def arrivals(*, count: int, now: datetime, random: Random) -> list[Arrival]:
    """Return `count` arrivals in the eight weeks before `now`, in order of time."""
    cells = list(_cells(now, random))
    weights = _raise_last_day([cell.expected for cell in cells], cells, count, now)
    chosen = random.choices(cells, cum_weights=list(accumulate(weights)), k=count)
    found = [_arrival(cell, random) for cell in chosen]
    return sorted(found, key=lambda arrival: arrival.at)


def _cells(now: datetime, random: Random) -> Iterator[Cell]:
    start = now - WEEKS * 7 * DAY
    for day in range(WEEKS * 7):
        noise = {lob: random.lognormvariate(0, 0.12) for lob in TOPICS}
        for hour in range(24):
            at = start + day * DAY + hour * HOUR
            for language, share, zone, _ in MARKETS:
                local = at.astimezone(ZoneInfo(zone))
                shape = BY_HOUR[local.hour] * BY_WEEKDAY[local.weekday()] * share
                for lob, (part, _) in TOPICS.items():
                    incident = _incident(lob, language, at, start)
                    growth = 1 + (incident - 1) * _part_of_incident(lob)
                    yield Cell(at, lob, language, shape * part * noise[lob] * growth, incident)


def _incident(lob: str, language: str, at: datetime, start: datetime) -> float:
    """Return how many times as many accounts are taken over as usual: a wave that ebbs away."""
    days = (at - start) / DAY - (INCIDENT_WEEK - 1) * 7
    if lob != INCIDENT[0] or language not in {"en", "hi"} or not 0.3 <= days < 7:
        return 1.0
    return 1 + 6.0 * (1.0 if days < 2.5 else 0.55 ** (days - 2.5))


def _part_of_incident(lob: str) -> float:
    """Return the share the incident's reason usually has in its line of business."""
    reasons = TOPICS[lob][1]
    return reasons.get(INCIDENT[1], 0) / sum(reasons.values())


def _raise_last_day(
    weights: list[float], cells: Sequence[Cell], count: int, now: datetime
) -> list[float]:
    """Give the last day its least number of arrivals."""
    is_last = [cell.starts_at >= now - DAY for cell in cells]
    last = sum(weight for weight, yes in zip(weights, is_last, strict=True) if yes)
    rest = sum(weights) - last
    wanted = min(LAST_DAY_AT_LEAST / count, LAST_DAY_AT_MOST)
    if last / (last + rest) >= wanted:
        return weights
    factor = wanted / (1 - wanted) * rest / last
    return [w * factor if yes else w for w, yes in zip(weights, is_last, strict=True)]


def _arrival(cell: Cell, random: Random) -> Arrival:
    reasons = dict(TOPICS[cell.lob][1])
    if cell.lob == INCIDENT[0]:
        reasons[INCIDENT[1]] = round(reasons[INCIDENT[1]] * cell.incident)
    reason = one_of(reasons, random)
    return Arrival(
        at=cell.starts_at + timedelta(seconds=random.randrange(3600)),
        lob=cell.lob,
        reason=reason,
        language=cell.language,
        country=one_of(COUNTRIES[cell.language], random),
        channel=_channel(reason, random),
    )


def _channel(reason: str, random: Random) -> str:
    if reason in APPEALS and random.random() < 0.45:
        return "APPEAL"
    return one_of(CHANNELS, random)


def one_of[T](weighted: dict[T, int], random: Random) -> T:
    """Return one key, drawn by weight."""
    return random.choices(list(weighted), weights=list(weighted.values()))[0]
