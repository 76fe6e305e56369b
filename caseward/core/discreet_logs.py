"""Keeping out of the logs what would let a reader of them in."""

import logging

from caseward.core.detail_patterns import OWN_LINK
from caseward.core.masking import HIDDEN


class HidesLinks(logging.Filter):
    """Hide the signed part of requesters' links; the address of a refused request holds one."""

    def filter(self, record: logging.LogRecord) -> bool:
        said = record.getMessage()
        hidden = OWN_LINK.sub(rf"\1{HIDDEN}", said)
        if hidden != said:
            record.msg, record.args = hidden, ()
        return True
