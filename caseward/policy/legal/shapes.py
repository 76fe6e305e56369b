"""What a legal preset says, read from its data and checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

KINDS = frozenset(
    {
        "ACK", "INTERIM_MEASURE", "STATUS_NOTICE", "DECISION", "REVERSAL", "NOTIFY_AUTHOR",
        "NOTIFY_REPORTER", "USER_WINDOW", "PRESERVATION", "ERASURE", "EXTERNAL_BODY",
        "REGULATOR_ORDER", "REFERRAL",
    }
)  # fmt: skip
A_MONTH = timedelta(days=30)  # how a month is kept in a duration
UNITS: Mapping[str, tuple[str, timedelta]] = {
    "minute": ("ELAPSED", timedelta(minutes=1)),
    "hour": ("ELAPSED", timedelta(hours=1)),
    "calendar_day": ("DAYS", timedelta(days=1)),
    "business_day": ("BUSINESS_DAYS", timedelta(days=1)),
    "month": ("MONTHS", A_MONTH),
    "year": ("MONTHS", 12 * A_MONTH),
}
GRADES = ("P", "S", "K", "C")  # primary source, secondary, common knowledge, contradicted
# What can happen to a report, as stages name it; each but the first is an event `legal.…`.
RECEIVED = "report_received"
EVENTS = (
    RECEIVED,
    "acknowledged",
    "interim_applied",
    "status_notified",
    "decided",
    "dismissed",
    "removed",
    "restored",
    "reporter_notified",
    "author_notified",
    "inquiry_received",
    "inquiry_answered",
    "agency_reported",
    "preservation_requested",
    "order_received",
    "order_complied",
    "body_opened",
    "body_answered",
    "not_applicable",
)


class PresetBroken(ValueError):
    """The data of a preset cannot be used; the text says where and what to change."""


@dataclass(frozen=True, slots=True)
class Stage:
    """One clock of a preset: what starts it, what stops it, how long it runs.

    `is_own_target` says that the law gives no number and the number is the operator's own.
    """

    key: str
    kind: str
    value: int
    unit: str
    starts: tuple[str, ...]
    stops: tuple[str, ...]
    is_pausable: bool = False
    is_own_target: bool = False

    @property
    def measured(self) -> str:
        return UNITS[self.unit][0]

    @property
    def duration(self) -> timedelta:
        return self.value * UNITS[self.unit][1]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Which cases a preset is for: any one of the tags, reasons or categories of harm is enough."""

    tags: frozenset[str]
    reasons: frozenset[str]
    categories: frozenset[str]


@dataclass(frozen=True, slots=True)
class Preset:
    key: str
    jurisdiction: str
    countries: tuple[str, ...]
    zone: str
    title: str
    instrument: str
    duty: str
    applies_if: tuple[str, ...]
    trigger: Trigger
    stages: tuple[Stage, ...]
    notices: tuple[Mapping[str, Any], ...]
    dismissal_reasons: tuple[str, ...]
    no_disclosure_if: str
    warn_at: tuple[float, ...]
    grade: str
    sources: tuple[str, ...]
    caveat: str
    effective_from: date
    effective_to: date | None
    superseded_by: str
    number: int = 1
    version_id: int = 0

    def is_in_force(self, at: datetime) -> bool:
        """Say whether the law applies on the day `at` falls in where it is in force."""
        day = at.astimezone(ZoneInfo(self.zone)).date()
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)

    def stage_of(self, name: str) -> Stage | None:
        """Return the stage that a clock names, such as `MY-ONSA-22.ack`."""
        return next((stage for stage in self.stages if self.name_of(stage) == name), None)

    def name_of(self, stage: Stage) -> str:
        return f"{self.key}.{stage.key}"


def preset_from(content: Mapping[str, Any], *, number: int = 1, version_id: int = 0) -> Preset:
    """Read a preset from its data.

    Raises:
        PresetBroken: something is missing, unknown or impossible.
    """
    key = str(content.get("id") or "")
    try:
        preset = _read(content, number, version_id)
    except KeyError as missing:
        raise PresetBroken(f"{key or 'A preset'} needs {missing.args[0]!r}.") from None
    except (TypeError, ValueError) as problem:
        raise PresetBroken(f"{key or 'A preset'}: {problem}") from None
    _check(preset)
    return preset


def _read(content: Mapping[str, Any], number: int, version_id: int) -> Preset:
    return Preset(
        key=content["id"],
        jurisdiction=content["jurisdiction"],
        countries=tuple(content["countries"]),
        zone=content["zone"],
        title=content["title"],
        instrument=content["instrument"],
        duty=content["duty"],
        applies_if=tuple(content.get("applies_if", ())),
        trigger=_trigger(content["trigger"]),
        stages=tuple(_stage(stage) for stage in content["stages"]),
        notices=tuple(content.get("notices", ())),
        dismissal_reasons=tuple(content.get("dismissal_reasons", ())),
        no_disclosure_if=content.get("no_disclosure_if", ""),
        warn_at=tuple(float(share) for share in content.get("warn_at", ())),
        grade=content["grade"],
        sources=tuple(content["sources"]),
        caveat=content.get("caveat", ""),
        effective_from=_day(content["effective_from"]),
        effective_to=_day(content["effective_to"]) if content.get("effective_to") else None,
        superseded_by=content.get("superseded_by", ""),
        number=number,
        version_id=version_id,
    )


def _trigger(said: Mapping[str, Any]) -> Trigger:
    parts = ("any_of_tags", "any_of_reasons", "any_of_categories")
    if unknown := set(said) - set(parts):
        raise ValueError(f"a trigger knows {', '.join(parts)}, got {sorted(unknown)[0]}")
    tags, reasons, categories = (frozenset(said.get(part, ())) for part in parts)
    return Trigger(tags=tags, reasons=reasons, categories=categories)


def _stage(said: Mapping[str, Any]) -> Stage:
    return Stage(
        key=said["key"],
        kind=said["kind"],
        value=int(said["value"]),
        unit=said["unit"],
        starts=tuple(said["start"]),
        stops=tuple(said.get("stop", ())),
        is_pausable=bool(said.get("pausable", False)),
        is_own_target=bool(said.get("own_target", False)),
    )


def _day(said: date | str) -> date:
    return said if isinstance(said, date) else date.fromisoformat(said)


def _check(preset: Preset) -> None:
    def refuse(text: str) -> None:
        raise PresetBroken(f"{preset.key}: {text}")

    if preset.grade not in GRADES:
        refuse(f"a grade is one of {', '.join(GRADES)}, got {preset.grade!r}")
    if not preset.stages:
        refuse("a preset has at least one stage")
    if len({stage.key for stage in preset.stages}) < len(preset.stages):
        refuse("two stages have the same key")
    if any(not 0 < share < 1 for share in preset.warn_at):
        refuse("warn_at holds shares between 0 and 1")
    if preset.effective_to and preset.effective_to <= preset.effective_from:
        refuse("effective_to must come after effective_from")
    for stage in preset.stages:
        _check_stage(stage, refuse)


def _check_stage(stage: Stage, refuse: Any) -> None:
    if stage.kind not in KINDS:
        refuse(f"stage {stage.key} has the unknown kind {stage.kind!r}")
    if stage.unit not in UNITS or stage.value < 1:
        refuse(f"stage {stage.key} needs a value of at least 1 and one of {', '.join(UNITS)}")
    if not stage.starts:
        refuse(f"stage {stage.key} must say what starts it")
    for event in (*stage.starts, *stage.stops):
        if event not in EVENTS:
            refuse(f"stage {stage.key} waits for the unknown event {event!r}")
    if stage.is_pausable and stage.measured != "ELAPSED":
        refuse(f"stage {stage.key} counts days and so cannot be held")
