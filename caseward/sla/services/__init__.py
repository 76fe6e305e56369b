"""Starting, holding, stopping, sweeping and recounting clocks.

Every deadline is worked out again from the facts of its clock (`core.deadlines`), never nudged.
"""

from caseward.sla.measuring import facts_of
from caseward.sla.queries import tightest_deadline, tightest_of
from caseward.sla.services.happening import Moved, happened, is_awaited, undo_stop
from caseward.sla.services.holding import (
    pause_clocks,
    restart_under,
    resume_clocks,
    start_clock_again,
    undo_pause,
    undo_resume,
)
from caseward.sla.services.matching import matched
from caseward.sla.services.starting import PlannedClock, planned_clocks, start_clock
from caseward.sla.services.stopping import stop_clock
from caseward.sla.services.sweeping import newly_missed, to_be_warned

__all__ = [
    "Moved",
    "PlannedClock",
    "facts_of",
    "happened",
    "is_awaited",
    "matched",
    "newly_missed",
    "pause_clocks",
    "planned_clocks",
    "restart_under",
    "resume_clocks",
    "start_clock",
    "start_clock_again",
    "stop_clock",
    "tightest_deadline",
    "tightest_of",
    "to_be_warned",
    "undo_pause",
    "undo_resume",
    "undo_stop",
]
