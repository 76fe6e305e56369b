"""Finding the laws a case falls under when more is known of it."""

from datetime import datetime

from caseward.policy.legal import queries as legal
from caseward.sla.models import Clock
from caseward.sla.queries import current
from caseward.sla.services.happening import ClockedCase, facts_of_case
from caseward.sla.services.starting import planned_stages, start_clock


def matched(case: ClockedCase, *, at: datetime) -> list[Clock]:
    """Start the clocks of every preset the case falls under now and did not before.

    They count from when the report came in, however late somebody saw what it is.
    """
    matches = legal.matching(facts_of_case(case), at=at)
    if not matches:
        return []
    begun = current(case.pk).exclude(stage="").values_list("preset_id", flat=True)
    known = {legal.version(preset_id).key for preset_id in begun if preset_id}
    plans = [
        plan
        for match in matches
        if match.preset.key not in known
        for plan in planned_stages(match, case.opened_at)
    ]
    started = (start_clock(case_id=case.pk, clock=plan) for plan in plans)
    return [clock for clock in started if clock]
