"""How much is measured."""

from dataclasses import dataclass

SHARE_UNFINISHED = 0.1


@dataclass(frozen=True, slots=True)
class Size:
    """How much of each; mails, django-helpdesk's mails and cases taken are those of a round.

    With none of its mails, django-helpdesk is left out.
    """

    cases: int
    mails: int
    peer_mails: int
    takes: int
    rounds: int
    page_seconds: float
    settle_seconds: float

    @property
    def unfinished(self) -> int:
        return round(self.cases * SHARE_UNFINISHED)


FULL = Size(
    1_000_000, mails=500, peer_mails=60, takes=200, rounds=5, page_seconds=30, settle_seconds=6
)
QUICK = Size(2_000, mails=20, peer_mails=0, takes=5, rounds=1, page_seconds=1.5, settle_seconds=0.5)
