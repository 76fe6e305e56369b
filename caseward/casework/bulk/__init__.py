"""One thing done to many cases in the background: chosen, looked at, carried out, undone."""

from caseward.casework.bulk.choosing import (
    MOST,
    AlreadyStarted,
    NothingChosen,
    NothingToDo,
    cancel,
    choose_cases,
    choose_list,
    decide,
    forget_unstarted,
    start,
    undo,
)
from caseward.casework.bulk.reading import (
    NoSuchAction,
    Progress,
    action_to_read,
    actions_of,
    progress_of,
)
from caseward.casework.bulk.running import carry_on, to_carry_on

__all__ = [
    "MOST",
    "AlreadyStarted",
    "NoSuchAction",
    "NothingChosen",
    "NothingToDo",
    "Progress",
    "action_to_read",
    "actions_of",
    "cancel",
    "carry_on",
    "choose_cases",
    "choose_list",
    "decide",
    "forget_unstarted",
    "progress_of",
    "start",
    "to_carry_on",
    "undo",
]
