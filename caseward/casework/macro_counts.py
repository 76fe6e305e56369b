"""How often macros were sent on cases of each reason."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db.models import Count

from caseward.casework.models import MacroUse

type Counts = Mapping[int | None, Mapping[int, int]]


def sent_by_reason(*, since: datetime) -> Counts:
    """Return the uses of each macro by the reason of the case; None is no reason yet."""
    counts: dict[int | None, dict[int, int]] = defaultdict(dict)
    found = MacroUse.objects.filter(at__gte=since).values_list(
        "case__reason_id", "version__macro_id"
    )
    for reason_id, macro_id, times in found.annotate(times=Count("pk")).order_by():
        counts[reason_id][macro_id] = times
    return dict(counts)
