"""Every verb that changes a case, one module per verb."""

from caseward.casework.services.asking_back import answer_question, ask_back
from caseward.casework.services.assigning import (
    NothingToTake,
    assign_case,
    release_case,
    take_case,
    take_next_case,
    transfer_case,
)
from caseward.casework.services.escalating import escalate_case
from caseward.casework.services.judging import (
    accept_escalation,
    reroute_escalation,
    return_escalation,
    settle_escalation,
)
from caseward.casework.services.merging import link_cases, merge_case, unlink_cases, unmerge_case
from caseward.casework.services.noting import add_note
from caseward.casework.services.obeying import note_legal_act, take_back_legal_act
from caseward.casework.services.opening import NewCase, OpenedCase, Person, open_case
from caseward.casework.services.receiving import receive_message
from caseward.casework.services.recounting import recount_clocks
from caseward.casework.services.replying import NothingToSay, TooLate, reply, take_back_reply
from caseward.casework.services.resolving import (
    AlreadyResolved,
    close_resolved_cases,
    reopen_case,
    resolve_case,
)
from caseward.casework.services.revealing import reveal_contact
from caseward.casework.services.silence import lift_disclosure, lock_disclosure
from caseward.casework.services.snoozing import snooze_case
from caseward.casework.services.sorting import change_priority, change_reason, set_tags
from caseward.casework.services.waking import wake_case, wake_due
from caseward.casework.services.watching import note_missed_clocks, warn_of_deadlines

__all__ = [
    "AlreadyResolved",
    "NewCase",
    "NothingToSay",
    "NothingToTake",
    "OpenedCase",
    "Person",
    "TooLate",
    "accept_escalation",
    "add_note",
    "answer_question",
    "ask_back",
    "assign_case",
    "change_priority",
    "change_reason",
    "close_resolved_cases",
    "escalate_case",
    "lift_disclosure",
    "link_cases",
    "lock_disclosure",
    "merge_case",
    "note_legal_act",
    "note_missed_clocks",
    "open_case",
    "receive_message",
    "recount_clocks",
    "release_case",
    "reopen_case",
    "reply",
    "reroute_escalation",
    "resolve_case",
    "return_escalation",
    "reveal_contact",
    "set_tags",
    "settle_escalation",
    "snooze_case",
    "take_back_legal_act",
    "take_back_reply",
    "take_case",
    "take_next_case",
    "transfer_case",
    "unlink_cases",
    "unmerge_case",
    "wake_case",
    "wake_due",
    "warn_of_deadlines",
]
