"""The calls: each acts as the owner of the token, and so sees what that person sees."""

from typing import Annotated

from ninja import Path, Query, Router

from caseward.api.answers import case_in_full, case_line
from caseward.api.schemas import CaseInFull, CaseLine, CasePage, Problem
from caseward.api.signing_in import SignedInCall
from caseward.casework import access
from caseward.casework.queries import search
from caseward.core.references import parse_reference
from caseward.org.acting import Actor, acting

MOST_AT_ONCE = 100
REFUSALS = dict.fromkeys((401, 404, 422, 429, 503), Problem)

router = Router()


@router.get("/cases", response={200: CasePage, **REFUSALS}, summary="Find cases")
def find_cases(
    request: SignedInCall,
    query: Annotated[str, Query(max_length=200)] = "",
    cursor: Annotated[str, Query(pattern=r"^\d{0,18}$")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST_AT_ONCE)] = 50,
) -> CasePage:
    """Cases whose title or messages contain every word of `query`, newest first.

    A reference in the query is found first, however it is written. No query lists every case.
    """
    with acting(Actor.staff(request.auth)):
        before = int(cursor) if cursor else None
        found = search(by=request.auth, text=query, limit=limit, before=before)
        lines = [CaseLine(**case_line(case)) for case in found.cases]
    return CasePage(cases=lines, next_cursor=None if found.before is None else str(found.before))


@router.get("/cases/{reference}", response={200: CaseInFull, **REFUSALS}, summary="Read a case")
def read_case(request: SignedInCall, reference: Annotated[str, Path(max_length=20)]) -> CaseInFull:
    """One case with its parties, messages, clocks, escalations and timeline."""
    written_properly = parse_reference(reference)
    if written_properly is None:
        raise access.CaseNotVisible(reference)
    with acting(Actor.staff(request.auth)):
        case = access.case_to_read(reference=written_properly, by=request.auth)
        return case_in_full(case, request.auth)
