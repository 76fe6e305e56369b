"""Starting, holding, stopping, sweeping and recounting clocks.

Every deadline is worked out again from the facts of its clock (`core.deadlines`), never nudged.
"""

from caseward.sla.measuring import facts_of
from caseward.sla.queries import tightest_deadline, tightest_of
from caseward.sla.services.happening import (
    Moved,
    happened,
    is_awaited,
    presets_of,
    undo_happened,
    undo_stop,
)
from caseward.sla.services.holding import (
    pause_clocks,
    restart_under,
    resume_clocks,
    start_clock_again,
    undo_pause,
    undo_resume,
)
from caseward.sla.services.keeping import lift_holds, place_hold
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
    "lift_holds",
    "matched",
    "newly_missed",
    "pause_clocks",
    "place_hold",
    "planned_clocks",
    "presets_of",
    "restart_under",
    "resume_clocks",
    "start_clock",
    "start_clock_again",
    "stop_clock",
    "tightest_deadline",
    "tightest_of",
    "to_be_warned",
    "undo_happened",
    "undo_pause",
    "undo_resume",
    "undo_stop",
]
