"""Where work goes that cannot be worked where it waits, and what is left to a coming shift."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from caseward.casework.models import Case
from caseward.casework.services import take_next_case
from caseward.casework.services.assigning import (
    NothingToTake,
    overflow,
    take_back_from_closed_vendors,
)
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import Shift, Vendor
from caseward.routing import availability
from caseward.routing.models import HoldBack, OverflowRule
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_lob,
    a_promise,
    a_queue,
    a_share,
    a_site,
    a_vendor,
    an_agent,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def a_rule(to, **conditions):
    rule = OverflowRule.objects.create(
        key="when-full", from_vendor=a_vendor("northstar"), to_tier=1, to_vendor=to, **conditions
    )
    look_again()
    return rule


def two_vendors(count, **fields):
    northstar, melati = a_vendor("northstar"), a_vendor("melati")
    for vendor in (northstar, melati):
        a_share(vendor, a_lob())
    cases = [a_case(vendor=northstar, **fields) for _ in range(count)]
    return northstar, melati, cases


def of(vendor):
    return Case.objects.filter(vendor=vendor, queue__vendor=vendor).count()


def test_what_is_above_the_limit_goes_to_the_other_vendor_with_the_rule_it_went_by():
    northstar, melati, _ = two_vendors(5)
    a_rule(melati, waiting_over=3)
    assert overflow(now=MONDAY_9AM) == 2
    assert overflow(now=MONDAY_9AM) == 0
    assert (of(northstar), of(melati)) == (3, 2)
    moved = Event.objects.filter(kind="case.moved").first()
    assert (moved.data["why"], moved.data["rule"]) == ("OVERFLOW", "when-full")


@pytest.mark.parametrize(
    ("conditions", "goes"),
    [
        ({"oldest_over_minutes": 30}, True),
        ({"oldest_over_minutes": 90}, False),
        ({"at_risk_over": 0.5}, True),
        ({"at_risk_over": 0.5, "waiting_over": 10}, False),
        ({"oldest_over_minutes": 30, "is_active": False}, False),
    ],
)
def test_every_condition_given_must_hold(conditions, goes):
    a_promise(duration=timedelta(minutes=90))
    _, melati, _ = two_vendors(2)
    a_rule(melati, **conditions)
    assert bool(overflow(now=MONDAY_9AM + HOUR)) is goes


def test_a_rule_for_the_night_waits_until_the_site_is_closed():
    site = a_site("gurugram")
    _, melati, _ = two_vendors(2)
    a_rule(melati, while_closed=site)
    assert overflow(now=MONDAY_9AM) == 0  # half past two in the afternoon in Gurugram
    assert overflow(now=MONDAY_9AM + 6 * HOUR) == 2


def test_a_rule_needs_a_condition_and_another_place():
    melati = a_vendor("melati")
    for wrong, name in (
        ({"to_vendor": melati}, "overflow_has_a_condition"),
        (
            {"from_vendor": melati, "to_vendor": melati, "waiting_over": 1},
            "overflow_leads_elsewhere",
        ),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            OverflowRule.objects.create(key="wrong", to_tier=1, **wrong)


def test_the_cases_of_a_vendor_that_is_switched_off_go_to_the_others_and_come_out_of_hands():
    northstar, melati, cases = two_vendors(3)
    ana = an_agent(northstar)
    held = a_case(assignee=ana, vendor=northstar)
    Vendor.objects.filter(pk=northstar.pk).update(is_active=False)
    look_again()
    assert take_back_from_closed_vendors(now=MONDAY_9AM) == 4
    assert (of(northstar), of(melati)) == (0, 4)
    assert Case.objects.get(pk=held.pk).assignee is None
    assert Event.objects.filter(kind="case.moved", data__why="VENDOR_OFF").count() == 4
    assert len(cases) == 3


def test_where_no_vendor_is_left_tier_2_has_them():
    northstar = a_vendor("northstar")
    case = a_case(vendor=northstar)
    Vendor.objects.update(is_active=False)
    look_again()
    take_back_from_closed_vendors(now=MONDAY_9AM)
    case.refresh_from_db()
    assert (case.tier, case.queue.tier, case.queue.vendor_id) == (2, 2, None)


def test_nobody_of_a_vendor_that_is_switched_off_gets_a_case():
    northstar = a_vendor("northstar")
    ana = an_agent(northstar)
    a_case(vendor=northstar)
    Vendor.objects.update(is_active=False)
    look_again()
    with pytest.raises(NothingToTake):
        take_next_case(by=ana, now=MONDAY_9AM)


def test_what_can_wait_is_left_to_the_coming_shift_and_what_cannot_is_not():
    ana, late_shift = an_agent(), an_agent()
    a_promise(duration=6 * HOUR)
    can_wait = a_case(opened_at=MONDAY_9AM)
    HoldBack.objects.create(queue=a_queue(1, a_vendor(), a_lob()), minutes=120)
    look_again()
    Shift.objects.create(
        staff=late_shift, starts_at=MONDAY_9AM + HOUR, ends_at=MONDAY_9AM + 9 * HOUR
    )
    availability.set_state(staff=ana, state="AVAILABLE", why="", now=MONDAY_9AM)
    with pytest.raises(NothingToTake):
        take_next_case(by=ana, now=MONDAY_9AM)
    cannot = a_case(opened_at=MONDAY_9AM - 5 * HOUR)
    assert take_next_case(by=ana, now=MONDAY_9AM).pk == cannot.pk
    assert take_next_case(by=late_shift, now=MONDAY_9AM + HOUR).pk == can_wait.pk


def test_a_vendor_with_five_thousand_cases_in_hand_is_emptied_in_batches_that_can_be_stopped():
    northstar, melati, _ = two_vendors(1)
    ana = an_agent(northstar)
    copies = Case.objects.get()
    Case.objects.bulk_create(
        [
            Case(
                **{
                    field.attname: getattr(copies, field.attname)
                    for field in Case._meta.concrete_fields
                    if field.name not in {"id", "reference", "assignee", "status"}
                },
                reference=f"BULK-{number:07d}",
                assignee=ana,
                status=Case.Status.OPEN,
            )
            for number in range(4_999)
        ]
    )
    Vendor.objects.filter(pk=northstar.pk).update(is_active=False)
    look_again()
    assert take_back_from_closed_vendors(now=MONDAY_9AM) == 200  # and here the worker is killed
    assert of(northstar) == 4_800
    moved = 200
    while batch := take_back_from_closed_vendors(now=MONDAY_9AM, at_most=1_000):
        moved += batch
    assert moved == 5_000
    assert (of(northstar), of(melati)) == (0, 5_000)
    assert not Case.objects.filter(assignee=ana).exists()
    assert Event.objects.filter(kind="case.moved").count() == 5_000
