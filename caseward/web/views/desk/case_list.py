"""What a list of cases is: its name, its address, its cases, what one may narrow it by."""

from dataclasses import dataclass

from caseward.casework.listing import Pile


@dataclass(frozen=True, slots=True)
class CaseList:
    """A list before anybody narrows it; `nothing` and what follows are said when it is empty."""

    heading: str
    url: str
    pile: Pile
    narrows_by: tuple[str, ...]
    nothing: str
    nothing_more: str
    is_own: bool = False  # what somebody has in hand, which they may arrange
