"""Counting a backlog by two kinds at once: every case once, and each count opens into its cases."""

from datetime import timedelta
from itertools import permutations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from caseward.casework.listing import KINDS, Due, Filters, Pile, crossed, page_of
from caseward.casework.models import Case
from caseward.casework.services import resolve_case
from caseward.routing.queries import queues
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_disposition,
    a_lob,
    a_promise,
    a_reason,
    a_regional_lead,
    a_specialist,
    a_vendor,
)

pytestmark = pytest.mark.django_db

DAY_ENDS = MONDAY_9AM + timedelta(hours=9)
NARROWS = {"language": "language", "lob": "lob_id", "vendor": "vendor_id", "reason": "reason_id"}


@pytest.fixture
def backlog():
    """Cases of many kinds, one of them finished."""
    a_promise("RESOLUTION", timedelta(days=2))
    other_lob, other_vendor = a_lob("age-support"), a_vendor("melati")
    for days in (0, 0, 2, 5, 9, 20):
        a_case(opened_at=MONDAY_9AM - timedelta(days=days))
        a_case(lob=other_lob, vendor=other_vendor, language="ms", opened_at=MONDAY_9AM)
    a_case(reason_id=a_reason().pk)
    in_house = a_case()
    Case.objects.filter(pk=in_house.pk).update(vendor=None, tier=2, queue=_tier_2(in_house))
    done = a_case()
    resolve_case(
        reference=done.reference, by=a_regional_lead(), disposition=a_disposition(), now=MONDAY_9AM
    )
    return Pile.unfinished(queues())


def _tier_2(case):
    a_specialist(case.lob)
    found = queues().values()
    return next(q for q in found if (q.tier, q.lob_id, q.language) == (2, case.lob_id, "en"))


def of(pile, filters=None, **kinds):
    asked = {"by": a_regional_lead(), "now": MONDAY_9AM, "day_ends_at": DAY_ENDS}
    return crossed(pile, filters or Filters(), **kinds, **asked)


def narrowed(kind, key):
    if kind in NARROWS:
        return {NARROWS[kind]: key if kind == "language" else int(key)}
    return {kind: Due(key) if kind == "due" else key}


@pytest.mark.parametrize(("row", "column"), list(permutations(KINDS, 2)))
def test_every_count_opens_into_exactly_its_cases(backlog, row, column):
    counts = of(backlog, row=row, column=column)

    assert sum(counts.values()) == 14
    for (in_row, in_column), count in counts.items():
        filters = Filters(**narrowed(row, in_row), **narrowed(column, in_column))
        page = page_of(backlog, filters, by=a_regional_lead(), now=MONDAY_9AM, day_ends_at=DAY_ENDS)
        assert len(page.ids) == count, (in_row, in_column)


def test_a_backlog_narrowed_counts_what_is_left(backlog):
    counts = of(backlog, Filters(language="ms", age="1-"), row="age", column="due")

    assert counts == {}
    assert sum(of(backlog, Filters(language="ms"), row="age", column="due").values()) == 6


def test_counting_is_one_query_however_much_there_is(backlog):
    of(backlog, row="age", column="lob")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        crossed(
            backlog, Filters(), row="due", column="reason", by=a_regional_lead(), now=MONDAY_9AM,
            day_ends_at=DAY_ENDS,
        )  # fmt: skip

    assert len([q for q in asked if "GROUP BY" in q["sql"]]) == 1
