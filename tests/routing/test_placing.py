"""Where a case waits, whose turn it is, and who may take it."""

import random
from collections import Counter
from datetime import timedelta

import pytest

from caseward.ledger import services as ledger
from caseward.org.catalogue import look_again
from caseward.routing.models import ShareOwed
from caseward.routing.queries import queues_for
from caseward.routing.services import NowhereToWait, place, queue_of
from caseward.routing.sharing import count_shares
from tests.builders import MONDAY_9AM, a_lob, a_queue, a_share, a_specialist, a_vendor, an_agent

pytestmark = pytest.mark.django_db


def placed(lob, numbers, language="en"):
    return Counter(place(lob_id=lob.pk, language=language, number=n).vendor for n in numbers)


@pytest.mark.parametrize("shares", [(0.7, 0.3), (0.5, 0.5), (0.9, 0.1), (0.2, 0.2)])
def test_vendors_get_cases_in_proportion_to_their_shares(shares):
    lob, vendors = a_lob(), [a_vendor("northstar"), a_vendor("melati")]
    for vendor, share in zip(vendors, shares, strict=True):
        a_share(vendor, lob, share=share)
    drawn = random.Random(7)

    for numbers in (range(1000), [drawn.getrandbits(30) for _ in range(4000)]):
        got = placed(lob, numbers)
        for vendor, share in zip(vendors, shares, strict=True):
            expected = share / sum(shares)
            assert got[vendor] / len(numbers) == pytest.approx(expected, abs=0.03)


def test_one_number_is_always_one_vendors():
    lob = a_lob()
    for key in ("northstar", "melati"):
        a_share(a_vendor(key), lob, share=0.5)

    assert all(
        place(lob_id=lob.pk, language="en", number=n)
        == place(lob_id=lob.pk, language="en", number=n)
        for n in range(50)
    )


def test_a_vendor_that_is_frozen_or_does_not_serve_the_language_gets_nothing():
    lob, frozen, serves = a_lob(), a_vendor("northstar"), a_vendor("melati")
    for vendor in (frozen, serves):
        a_share(vendor, lob, share=0.5)
    a_share(frozen, lob, "ta")
    frozen.is_active = False
    frozen.save()
    a_queue(2, None, lob, "ta")
    look_again()

    assert set(placed(lob, range(50))) == {serves}
    assert set(placed(lob, range(50), "ta")) == {None}  # nobody else serves Tamil: tier 2


def test_without_any_queue_the_case_has_nowhere_to_wait():
    lob = a_lob()

    with pytest.raises(NowhereToWait, match=r"\bms\b"):
        place(lob_id=lob.pk, language="ms", number=1)
    with pytest.raises(NowhereToWait, match="tier 2"):
        queue_of(tier=2, vendor_id=None, lob_id=lob.pk, language="ms")


def test_people_take_from_queues_of_their_tier_vendor_and_skills():
    lob = a_lob()
    agent = an_agent(a_vendor("northstar"), lob, ("en", "hi"))
    other = an_agent(a_vendor("melati"), lob, ("en",))
    specialist = a_specialist(lob, ("en",))
    a_share(agent.vendor, a_lob("age-support"))

    def languages_of(staff):
        from caseward.routing.models import Queue

        queues = Queue.objects.filter(pk__in=queues_for(staff.pk)).order_by("language")
        return [(queue.tier, queue.vendor, queue.lob, queue.language) for queue in queues]

    assert languages_of(agent) == [(1, agent.vendor, lob, "en"), (1, agent.vendor, lob, "hi")]
    assert languages_of(other) == [(1, other.vendor, lob, "en")]
    assert languages_of(specialist) == [(2, None, lob, "en")]


def test_what_a_vendor_strays_by_does_not_grow_with_the_cases():
    lob, vendors = a_lob(), [a_vendor("northstar"), a_vendor("melati")]
    for vendor, share in zip(vendors, (0.7, 0.3), strict=True):
        a_share(vendor, lob, share=share)
    now, drawn = MONDAY_9AM, random.Random(3)
    count_shares(now=now)
    got: Counter[int | None] = Counter()
    for _ in range(60):
        for _ in range(20):
            number = drawn.getrandbits(30)
            vendor_id = place(lob_id=lob.pk, language="en", number=number).vendor_id
            got[vendor_id] += 1
            ledger.record(
                "case.opened",
                at=now,
                actor_id=None,
                actor_name="tests",
                case_id=number,
                data={"lob_id": lob.pk, "language": "en", "vendor_id": vendor_id},
            )
        now += timedelta(minutes=5)
        assert count_shares(now=now) == 20
    assert abs(got[vendors[0].pk] - 0.7 * 1200) < 12  # by chance alone: 16 is one deviation
    owed = dict(ShareOwed.objects.values_list("share__vendor", "cases"))
    assert sum(owed.values()) == pytest.approx(0)
    assert owed[vendors[0].pk] == pytest.approx(0.7 * 1200 - got[vendors[0].pk])
