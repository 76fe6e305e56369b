"""What may hang on a case, told in one go, so that a page asks no further for what is not there."""

from typing import NamedTuple

from caseward.casework.models import Case
from caseward.org import planned
from caseward.org.models import StaffMember

HANGING = """
    SELECT
        EXISTS (SELECT FROM casework_case d WHERE d.merged_into_id = c.id),
        c.merged_into_id IS NOT NULL
            OR EXISTS (SELECT FROM casework_case d WHERE d.merged_into_id = c.id)
            OR EXISTS (SELECT FROM casework_link l WHERE l.case_id = c.id)
            OR EXISTS (SELECT FROM casework_link l WHERE l.other_id = c.id),
        EXISTS (SELECT FROM casework_draft d WHERE d.case_id = c.id AND d.staff_id = %s),
        EXISTS (SELECT FROM casework_escalation e WHERE e.case_id = c.id),
        EXISTS (SELECT FROM casework_emergency e WHERE e.case_id = c.id),
        EXISTS (SELECT FROM casework_helprequest h WHERE h.case_id = c.id AND h.state = 'OPEN')
    FROM casework_case c WHERE c.id = %s
"""


class Hanging(NamedTuple):
    """Whether a case has any of these, as far as the reader may see."""

    duplicates: bool
    relations: bool
    draft: bool
    escalations: bool
    emergencies: bool
    open_questions: bool


def hanging_on(case: Case, reader: StaffMember) -> Hanging:
    """Say what hangs on a case; a draft is the reader's own."""
    return Hanging(*planned.rows(HANGING, [reader.pk, case.pk])[0])
