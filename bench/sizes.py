"""How much is measured."""

from dataclasses import dataclass

SHARE_UNFINISHED = 0.1


@dataclass(frozen=True, slots=True)
class Size:
    """Cases in the full table; mails, django-helpdesk's mails and cases taken for each round."""

    cases: int
    mails: int
    peer_mails: int
    takes: int
    rounds: int
    page_seconds: float

    @property
    def unfinished(self) -> int:
        return round(self.cases * SHARE_UNFINISHED)


FULL = Size(1_000_000, mails=500, peer_mails=60, takes=200, rounds=5, page_seconds=30)
QUICK = Size(2_000, mails=20, peer_mails=2, takes=5, rounds=1, page_seconds=1.5)
