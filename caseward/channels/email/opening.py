"""Opening a case for a mail, in the nearest queue there is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from caseward.casework.services import NewCase, OpenedCase, open_case
from caseward.routing.services import NowhereToWait

if TYPE_CHECKING:
    from datetime import datetime

    from caseward.channels.email.mailboxes import Box


def open_somewhere(new: NewCase, box: Box, *, now: datetime) -> OpenedCase:
    """Open a case; in the mailbox's language, then its line of business, where it has no queue.

    Raises:
        NowhereToWait: not even the mailbox's own line of business and language have a queue.
    """
    in_box_language = replace(new, language=box.language)
    for attempt in (new, in_box_language):
        try:
            return open_case(attempt, now=now)
        except NowhereToWait:
            continue
    as_the_box = replace(in_box_language, lob_id=box.lob_id, reason_id=None)
    return open_case(as_the_box, now=now)
