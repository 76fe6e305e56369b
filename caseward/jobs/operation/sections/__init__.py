"""The files of an operation that may be left out, in the order in which they are applied."""

from typing import Any

from caseward.jobs.operation.sections import (
    automations,
    capacity,
    crisis_help,
    escalation_templates,
    experts,
    exposure_caps,
    note_templates,
    on_call,
    overflow,
    playbooks,
    queues,
    weights,
)
from caseward.jobs.operation.sections.section import Section

SECTIONS: tuple[Section[Any], ...] = (
    capacity.SECTION,
    queues.SECTION,
    weights.SECTION,
    overflow.SECTION,
    note_templates.SECTION,
    escalation_templates.SECTION,
    experts.SECTION,
    on_call.SECTION,
    crisis_help.SECTION,
    exposure_caps.SECTION,
    playbooks.SECTION,
    automations.SECTION,
)

__all__ = ["SECTIONS", "Section"]
