"""A case beside its list: what the split view shows on the right."""

from datetime import datetime
from typing import Any

from django.http import Http404

from caseward.casework import access
from caseward.core.references import parse_reference
from caseward.org.models import StaffMember
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk import case_page


def shown(request: SignedInRequest, reader: StaffMember, now: datetime) -> dict[str, Any]:
    """Return the case the address asks for, or that none is chosen or to be seen."""
    asked = request.GET.get("case", "")
    reference = parse_reference(asked)
    if reference is None:
        return {"case": None, "is_not_there": bool(asked), "undo": None}
    try:
        case = case_page.case_of(reference, reader)
    except (access.CaseNotVisible, Http404):
        return {"case": None, "is_not_there": True, "undo": None}
    return {**case_page.page(request, case, reader, now), "is_beside": True}
