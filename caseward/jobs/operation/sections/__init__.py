"""The files of an operation that may be left out, in the order in which they are applied."""

from typing import Any

from caseward.jobs.operation.sections import capacity, overflow, queues
from caseward.jobs.operation.sections.section import Section

SECTIONS: tuple[Section[Any], ...] = (capacity.SECTION, queues.SECTION, overflow.SECTION)

__all__ = ["SECTIONS", "Section"]
