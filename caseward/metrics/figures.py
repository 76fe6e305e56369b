"""A figure: parts counted, divided last, with how sure it is and whether its target is reached."""

from collections.abc import Mapping
from dataclasses import dataclass

from caseward.core.intervals import Interval, difference_interval, wilson_interval
from caseward.metrics.definitions import SMALLEST_SAMPLE, Metric


@dataclass(frozen=True, slots=True)
class Figure:
    """How many outcomes each part of a metric had."""

    metric: Metric
    parts: Mapping[str, int]

    @property
    def counted(self) -> int:
        return sum(self.parts.get(part, 0) for part in self.metric.counted_parts)

    @property
    def out_of(self) -> int:
        return sum(self.parts.get(part, 0) for part in self.metric.out_of_parts)

    @property
    def has_point(self) -> bool:
        """Whether the sample is large enough to show a share and not only its interval."""
        return self.out_of >= SMALLEST_SAMPLE

    @property
    def share(self) -> float | None:
        return self.counted / self.out_of if self.out_of else None

    @property
    def interval(self) -> Interval | None:
        if not self.out_of:
            return None
        return wilson_interval(successes=self.counted, trials=self.out_of)

    def verdict(self, target: float | None) -> str:
        """Say `on` or `off` target only when the whole interval is; `unclear` when it is not."""
        interval = self.interval
        if target is None or interval is None or self.metric.better == "neither":
            return "none"
        is_above, is_below = interval.low >= target, interval.high < target
        if not (is_above or is_below):
            return "unclear"
        return "on" if is_above == (self.metric.better == "higher") else "off"

    def change_from(self, earlier: "Figure") -> float | None:
        """Return how much the share moved, or None where that may be chance."""
        if not (self.out_of and earlier.out_of):
            return None
        interval = difference_interval(
            successes=self.counted,
            trials=self.out_of,
            than_successes=earlier.counted,
            than_trials=earlier.out_of,
        )
        if interval.low <= 0 <= interval.high:
            return None
        return self.counted / self.out_of - earlier.counted / earlier.out_of
