"""Questions about what requesters thought."""

from caseward.quality.models import Survey


def survey_of(case_id: int) -> Survey | None:
    """Return the survey of a case with the case itself; None when nobody was asked."""
    return Survey.objects.select_related("case").filter(case_id=case_id).first()
