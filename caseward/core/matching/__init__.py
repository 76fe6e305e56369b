"""Who gets which work: hard rules that are never bent, then a soft order everybody can check.

`refusals` says why somebody may not have a case, `preference` how good a fit it is in minutes, and
`assign_batch` hands out many cases to many people at once. Nothing here reads a clock or a table.
"""

from caseward.core.matching.batching import Assignment, Batch, assign_batch
from caseward.core.matching.facts import REFUSALS, Work, Worker
from caseward.core.matching.preferring import Term, preference, score_of
from caseward.core.matching.refusing import may_have, refusals
from caseward.core.matching.weights import USUAL, Weights

__all__ = [
    "REFUSALS",
    "USUAL",
    "Assignment",
    "Batch",
    "Term",
    "Weights",
    "Work",
    "Worker",
    "assign_batch",
    "may_have",
    "preference",
    "refusals",
    "score_of",
]
