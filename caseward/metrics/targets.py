"""The value promised for a metric: of one line of business, of the operation, or the usual one."""

from collections.abc import Mapping

from caseward.metrics.definitions import METRICS
from caseward.metrics.models import Target


def set_target(*, metric: str, value: float | None, lob_id: int | None = None) -> None:
    """Promise a value for a metric; None goes back to what holds without it.

    Raises:
        ValueError: no such metric, not a share, or a value outside 0 to 1.
    """
    if metric not in METRICS or not METRICS[metric].is_share:
        raise ValueError(f"metric must be a share such as csat, got {metric!r}")
    if value is None:
        Target.objects.filter(metric=metric, lob_id=lob_id).delete()
        return
    if not 0 < value <= 1:
        raise ValueError(f"value must be above 0 and at most 1, got {value}")
    Target.objects.update_or_create(metric=metric, lob_id=lob_id, defaults={"value": value})


def targets(lob_id: int | None = None) -> Mapping[str, float]:
    """Return what is promised for a line of business, or for the operation as a whole."""
    usual = {key: metric.target for key, metric in METRICS.items() if metric.target is not None}
    chosen = Target.objects.filter(lob_id__isnull=True) | Target.objects.filter(lob_id=lob_id)
    rows = sorted(chosen.values_list("metric", "lob_id", "value"), key=lambda row: row[1] or 0)
    return usual | {metric: value for metric, _, value in rows}
