"""Who works a case: the next one, a chosen one, given, given back, handed on."""

from caseward.casework.services.assigning.being_there import MustRest
from caseward.casework.services.assigning.giving import (
    CannotTakeIt,
    assign_case,
    release_all,
    release_case,
    take_case,
)
from caseward.casework.services.assigning.moving import move_case
from caseward.casework.services.assigning.overflowing import (
    overflow,
    take_back_from_closed_vendors,
)
from caseward.casework.services.assigning.stepping_back import step_back
from caseward.casework.services.assigning.taking import NothingToTake, take_next_case
from caseward.casework.services.assigning.transferring import transfer_case

__all__ = [
    "CannotTakeIt",
    "MustRest",
    "NothingToTake",
    "assign_case",
    "move_case",
    "overflow",
    "release_all",
    "release_case",
    "step_back",
    "take_back_from_closed_vendors",
    "take_case",
    "take_next_case",
    "transfer_case",
]
