"""Owns the public contact forms: what they ask, what was answered, and the case that becomes of it.

A form shown carries a one-time ticket, so sending it twice makes one case. How often one address
may send is counted in PostgreSQL, by a hash of the address.
"""

from caseward.channels.forms.answering import AnswerForm
from caseward.channels.forms.definition import Definition, open_forms
from caseward.channels.forms.following import Followed, follow, joint_case_of, send_link_again
from caseward.channels.forms.limiting import (
    TooMany,
    forget_old_tickets,
    note_attempt,
    refuse_if_too_many,
)
from caseward.channels.forms.submitting import Sent, add_message, new_case_from, submit
from caseward.channels.forms.tickets import TicketInvalid, new_ticket, read_ticket
from caseward.channels.forms.uploads import Taken, megabytes, take_files, token_of

__all__ = [
    "AnswerForm",
    "Definition",
    "Followed",
    "Sent",
    "Taken",
    "TicketInvalid",
    "TooMany",
    "add_message",
    "follow",
    "forget_old_tickets",
    "joint_case_of",
    "megabytes",
    "new_case_from",
    "new_ticket",
    "note_attempt",
    "open_forms",
    "read_ticket",
    "refuse_if_too_many",
    "send_link_again",
    "submit",
    "take_files",
    "token_of",
]
