"""Owns the files people send: kept by their SHA-256, judged before anybody may open one.

Bytes are on the disk for good before the transaction that mentions them commits; a row without its
bytes cannot happen, bytes without a row can and are swept away later.
"""

from caseward.channels.attachments.judging import Judgement, judge
from caseward.channels.attachments.keeping import (
    KeptFile,
    attach,
    keep,
    path_of,
    remove_abandoned,
)

__all__ = ["Judgement", "KeptFile", "attach", "judge", "keep", "path_of", "remove_abandoned"]
