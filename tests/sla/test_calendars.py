"""The working time of real sites: holidays of India and Malaysia, in-lieu days, half days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.core.working_time import add_working, elapsed_working
from caseward.org.models import Site
from caseward.sla.calendars import calendar_from, calendar_of, public_holidays
from caseward.sla.models import Clock
from tests.builders import WEEK, a_case, a_promise, a_site

pytestmark = pytest.mark.django_db
NINE_HOURS = timedelta(hours=9)


def gurugram(**fields):
    return Site(
        key="gurugram", timezone="Asia/Kolkata", country="IN", subdivision="HR",
        **{"working_week": WEEK, "extra_days": {}, **fields},
    )  # fmt: skip


def kuala_lumpur(**fields):
    return Site(
        key="kuala-lumpur", timezone="Asia/Kuala_Lumpur", country="MY", subdivision="KUL",
        **{"working_week": WEEK, "extra_days": {}, **fields},
    )  # fmt: skip


def worked_on(site, day):
    calendar = calendar_from(site)
    starts_at = datetime(day.year, day.month, day.day, tzinfo=calendar.zone)
    return elapsed_working(calendar, starts_at, starts_at + timedelta(days=1))


@pytest.mark.parametrize(
    ("site", "day", "why"),
    [
        (kuala_lumpur, date(2026, 11, 9), "Deepavali fell on Sunday: the Monday in lieu"),
        (kuala_lumpur, date(2026, 3, 20), "the eve of Hari Raya Puasa"),
        (kuala_lumpur, date(2026, 3, 23), "Hari Raya Puasa's second day in lieu"),
        (kuala_lumpur, date(2026, 5, 27), "Hari Raya Haji"),
        (kuala_lumpur, date(2026, 2, 17), "Chinese New Year"),
        (kuala_lumpur, date(2026, 8, 31), "National Day"),
        (gurugram, date(2026, 10, 20), "Dussehra"),
        (gurugram, date(2026, 1, 26), "Republic Day"),
        (gurugram, date(2026, 3, 4), "Holi"),
        (kuala_lumpur, date(2026, 11, 14), "a Saturday"),
    ],
)
def test_nobody_works_on(site, day, why):
    assert worked_on(site(), day) == timedelta(0), why


@pytest.mark.parametrize(
    ("site", "day"),
    [
        (gurugram, date(2026, 11, 9)),  # India gives no day in lieu of Diwali on a Sunday
        (gurugram, date(2026, 8, 31)),
        (kuala_lumpur, date(2026, 10, 20)),
        (kuala_lumpur, date(2026, 11, 10)),
    ],
)
def test_a_holiday_of_the_other_country_is_a_day_like_any_other(site, day):
    assert worked_on(site(), day) == NINE_HOURS


def test_a_half_day_a_day_off_and_a_holiday_not_observed_are_the_sites_own():
    site = gurugram(
        extra_days={
            "2026-12-31": [["09:00", "13:00"]],
            "2026-11-09": [],
            "2026-10-20": None,
            "2026-11-15": [["22:00", "24:00"]],
        }
    )

    assert worked_on(site, date(2026, 12, 31)) == timedelta(hours=4)
    assert worked_on(site, date(2026, 11, 9)) == timedelta(0)
    assert worked_on(site, date(2026, 10, 20)) == NINE_HOURS
    assert worked_on(site, date(2026, 11, 15)) == timedelta(hours=2)


def test_eight_hours_over_the_deepavali_weekend_are_due_on_tuesday():
    """Friday 16:00 in Kuala Lumpur: two hours on Friday, none until Tuesday, six then: 15:00."""
    friday = datetime(2026, 11, 6, 8, 0, tzinfo=UTC)

    due_at = add_working(calendar_from(kuala_lumpur()), friday, timedelta(hours=8))

    assert due_at == datetime(2026, 11, 10, 7, 0, tzinfo=UTC)


def test_both_sites_name_their_holidays():
    assert public_holidays(kuala_lumpur())[date(2026, 8, 31)] == "National Day"
    assert public_holidays(gurugram())[date(2026, 8, 15)] == "Independence Day"


def test_a_changed_site_is_seen_at_the_next_look():
    from caseward.org.catalogue import look_again

    site = a_site("gurugram")
    monday = datetime(2026, 11, 16, tzinfo=UTC)
    week = monday, monday + timedelta(days=7)
    assert elapsed_working(calendar_of(site.pk), *week) == 5 * NINE_HOURS

    Site.objects.filter(pk=site.pk).update(working_week={"mon": [["09:00", "10:00"]]})
    look_again()

    assert elapsed_working(calendar_of(site.pk), *week) == timedelta(hours=1)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("clock_stopped_has_an_outcome", {"stopped_at": datetime(2026, 12, 1, tzinfo=UTC)}),
        (
            "clock_stops_after_its_start",
            {"stopped_at": datetime(2020, 1, 1, tzinfo=UTC), "was_met": True},
        ),
    ],
)
def test_the_database_refuses_an_impossible_clock(name, changes):
    a_promise()
    a_case()

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Clock.objects.update(**changes)
