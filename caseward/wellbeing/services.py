"""What somebody has on their screen, what they do not want to meet, and taking that back."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

import orjson
from django.db import connection, transaction

from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.wellbeing.caps import caps_of
from caseward.wellbeing.models import Modality, OptOut, Source
from caseward.wellbeing.shifts import shift_day, shifts_of

HEARD = timedelta(seconds=25)
"""A page that reports counts for this long beyond its last report."""
UNHEARD = timedelta(minutes=10)
"""A page that never reported, as one without a script, counts for at most so long."""

LOOK = "SELECT wellbeing.look(jsonb_populate_record(NULL::wellbeing.looking, %s::jsonb), %s)"
LOOK_AWAY = "SELECT wellbeing.look_away(%s, %s, %s)"
KEEP_LAPSED = "SELECT wellbeing.keep_lapsed(%s, %s)"


def began(
    case_id: int,
    staff_id: int,
    severity: int,
    category: str,
    now: datetime,
    *,
    modality: str = Modality.TEXT,
    source: str = Source.HELD,
    is_heard: bool = False,
) -> None:
    """Say that a case is on somebody's screen; what was there before has ended.

    Time on the screen counts, being given a case does not. Said again while it is still there, it
    only counts on. Somebody has one pair of eyes: of two open pages the last one counts.

    Args:
        is_heard: The page reports by itself and will go on doing so.
    """
    caps, shift = caps_of(staff_id), shifts_of([staff_id], now)[staff_id]
    look = {
        "staff_id": staff_id,
        "case_id": case_id,
        "category": category,
        "severity": severity,
        "modality": modality,
        "source": source,
        "weight": caps.weight(severity, modality),
        "cap_minutes": caps.shift_minutes,
        "shift_on": shift_day(staff_id, shift),
        "began_at": now,
        "counts_until": now + (HEARD if is_heard else UNHEARD),
    }
    _call(LOOK, [orjson.dumps(look).decode(), now])


def ended(case_id: int, staff_id: int, now: datetime) -> None:
    """Say that a case is no longer on somebody's screen; saying it twice changes nothing."""
    _call(LOOK_AWAY, [staff_id, case_id, now])


def keep_lapsed_looks(*, now: datetime, at_most: int = 200) -> int:
    """Keep what closed browsers left behind as met; return how many looks. Only Caseward may."""
    return _call(KEEP_LAPSED, [now, at_most])


@transaction.atomic
def choose_opt_outs(*, by: StaffMember, categories: Iterable[str], now: datetime) -> None:
    """Replace what somebody does not want to meet; it holds from the next case on.

    Nobody else sees it, so nothing is recorded in the ledger.
    """
    wanted, own = set(categories), OptOut.objects.filter(staff=by)
    own.exclude(category__in=wanted).delete()
    known = set(own.values_list("category", flat=True))
    new = [OptOut(staff=by, category=name, since=now) for name in sorted(wanted - known)]
    OptOut.objects.bulk_create(new, ignore_conflicts=True)


def forget(staff_id: int) -> int:
    """Erase everything kept about somebody; return how many looks that was."""
    with acting(Actor.system("wellbeing")):
        return _call("SELECT wellbeing.forget(%s)", [staff_id])


def _call(statement: str, values: Sequence[Any]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchone()[0] or 0
