"""Keeping vendors to their contracted shares: deficit round robin, a round every few minutes.

Which vendor a new case goes to depends on its number alone, so opening cases waits for no shared
counter; by chance a vendor then strays from its share, after `n` cases by about the square root of
`n`. So each round counts what came, adds to every vendor what it should have had less what it had,
and the next round makes up for it (`routing.services.place`). What a vendor strays by is thus that
of one round and grows no further, however many cases come.
"""

from collections import defaultdict
from datetime import datetime

from django.db import connection, transaction

from caseward.org.catalogue import look_again
from caseward.org.models import VendorShare
from caseward.routing.models import ShareOwed

MOST_OWED = 25.0  # half a round: an interruption of days is not made up for in minutes

OPENED = """
    SELECT (data ->> 'lob_id')::bigint, data ->> 'language', (data ->> 'vendor_id')::bigint,
        count(*)
    FROM ledger_event
    WHERE kind = 'case.opened' AND at >= %s AND at < %s AND data ->> 'vendor_id' IS NOT NULL
    GROUP BY 1, 2, 3
"""


@transaction.atomic
def count_shares(*, now: datetime) -> int:
    """Add up what vendors are owed for the cases opened since the last count; return how many.

    A share that was never counted starts even, now.
    """
    shares = VendorShare.objects.select_for_update(of=("self",)).filter(vendor__is_active=True)
    known = ShareOwed.objects.in_bulk()
    for share in shares:
        if share.pk not in known:
            known[share.pk] = ShareOwed.objects.create(share=share, counted_to=now)
    if not known:
        return 0
    since = min(owed.counted_to for owed in known.values())
    got = _opened(since, now)
    _add_up(list(shares), known, got, now)
    look_again()
    return sum(got.values())


def _opened(since: datetime, until: datetime) -> dict[tuple[int, str, int], int]:
    with connection.cursor() as cursor:
        cursor.execute(OPENED, [since, until])
        return {(lob, language, vendor): n for lob, language, vendor, n in cursor.fetchall()}


def _add_up(
    shares: list[VendorShare],
    known: dict[int, ShareOwed],
    got: dict[tuple[int, str, int], int],
    now: datetime,
) -> None:
    together: dict[tuple[int, str], list[VendorShare]] = defaultdict(list)
    for share in shares:
        together[share.lob_id, share.language].append(share)
    for (lob_id, language), rivals in together.items():
        had = {share.pk: got.get((lob_id, language, share.vendor_id), 0) for share in rivals}
        whole, came = sum(share.share for share in rivals), sum(had.values())
        for share in rivals:
            owed = known[share.pk]
            due = owed.cases + came * share.share / whole - had[share.pk]
            owed.cases = max(-MOST_OWED, min(MOST_OWED, due))
    ShareOwed.objects.update(counted_to=now)
    if got:  # what is kept of the configuration is read again only when there is news
        ShareOwed.objects.bulk_update(known.values(), ["cases"])
