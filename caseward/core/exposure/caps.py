"""What an operation allows at most, and the strictest of several such rules."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

SEVERE = 3
"""From this severity on, work is severe: it counts in runs and is kept from the end of a shift."""
MOST_SEVERE = 4
MODALITIES = ("TEXT", "VOICE", "PICTURE", "VIDEO")
_TAKE_THE_LEAST = frozenset({"shift_minutes", "week_minutes", "longest_run"})


class WrongCaps(Exception):
    """Caps that contradict themselves; the message says which and what to write instead."""


@dataclass(frozen=True, slots=True)
class Caps:
    """What somebody may meet at most.

    Args:
        shift_minutes: Weighted minutes in one shift.
        week_minutes: Weighted minutes in any seven days running.
        longest_run: Severe cases one after the other.
        rest_minutes: Without severe work for so long, a run is over.
        cooldown_minutes: After material of severity 4, no severe work for so long.
        quiet_minutes: No severe work in so long before the end of a shift.
        case_minutes: What must be left before one more case is given: as long as a case takes.
        weights: What a minute counts, by severity 0–4. Not a clinical measure.
        modality_weights: What it counts besides, as text, voice, picture, video. Nor is this.
    Raises:
        WrongCaps: a weight that falls while the severity rises, or a number below 0.
    """

    shift_minutes: float = 120.0
    week_minutes: float = 480.0
    longest_run: int = 5
    rest_minutes: float = 15.0
    cooldown_minutes: float = 15.0
    quiet_minutes: float = 30.0
    case_minutes: float = 15.0
    weights: tuple[float, ...] = (0.0, 0.0, 0.25, 1.0, 1.0)
    modality_weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)

    def __post_init__(self) -> None:
        _check_length("weights", self.weights, MOST_SEVERE + 1)
        _check_length("modality_weights", self.modality_weights, len(MODALITIES))
        if list(self.weights) != sorted(self.weights):
            raise WrongCaps(f"weights must not fall as severity rises, got {self.weights}")
        for name, value in _numbers(self):
            if value < 0:
                raise WrongCaps(f"{name} must be at least 0, got {value}")

    def weight(self, severity: int, modality: str) -> float:
        """Return what one minute counts."""
        return self.weights[severity] * self.modality_weights[MODALITIES.index(modality)]

    def reserve(self, severity: int) -> float:
        """Return what has to be left for one more case of a severity, however it is looked at."""
        return self.case_minutes * self.weights[severity] * max(self.modality_weights)


def strictest(rules: Iterable[Caps]) -> Caps:
    """Return the caps that keep every rule: adding one never allows more. Without any, the default.

    Worked example: of 120 and 90 minutes a shift 90 hold; of 15 and 20 minutes' cooldown, 20.
    """
    every = list(rules) or [Caps()]
    return Caps(**{field.name: _strictest_of(field.name, every) for field in fields(Caps)})


def looser(before: Caps, after: Caps) -> tuple[str, ...]:
    """Return the names of what allows more than before, in the order of `Caps`.

    Worked example: from 120 to 150 minutes a shift is looser, from 15 to 20 minutes' cooldown not.
    """
    both = strictest([before, after])
    names = [field.name for field in fields(Caps)]
    return tuple(name for name in names if getattr(both, name) != getattr(after, name))


def _strictest_of(name: str, every: list[Caps]) -> Any:
    values = [getattr(caps, name) for caps in every]
    if name in _TAKE_THE_LEAST:
        return min(values)
    if isinstance(values[0], tuple):
        return tuple(max(each) for each in zip(*values, strict=True))
    return max(values)


def _check_length(name: str, weights: tuple[float, ...], expected: int) -> None:
    if len(weights) != expected:
        raise WrongCaps(f"{name} must be {expected} numbers, got {len(weights)}")


def _numbers(caps: Caps) -> Iterable[tuple[str, float]]:
    for field in fields(caps):
        value = getattr(caps, field.name)
        for number in value if isinstance(value, tuple) else (value,):
            yield field.name, number
