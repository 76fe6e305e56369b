"""What is on a screen becomes what was met."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from caseward.org.acting import Actor, acting
from caseward.org.models import Shift
from caseward.wellbeing import services
from caseward.wellbeing.models import Exposure, Looking
from tests.builders import a_site
from tests.wellbeing.conftest import at, meets

pytestmark = pytest.mark.django_db


def test_time_on_the_screen_is_met_and_being_given_a_case_is_not(people):
    meets(people.agent, begins=0, ends=20, severity=4, case_id=7)

    met = Exposure.objects.get()
    assert (met.staff_id, met.case_id, met.severity, met.seconds) == (people.agent.pk, 7, 4, 1200)
    assert (met.weight, met.cap_minutes, met.modality) == (1.0, 120.0, "TEXT")
    assert met.shift_on.isoformat() == "2026-11-16"


def test_a_page_that_is_heard_of_no_more_counts_a_little_longer(people):
    services.began(1, people.agent.pk, 3, "", at(0), is_heard=True)
    services.began(1, people.agent.pk, 3, "", at(0.3), is_heard=True)

    assert services.keep_lapsed_looks(now=at(0.5)) == 0
    assert services.keep_lapsed_looks(now=at(5)) == 1
    assert services.keep_lapsed_looks(now=at(5)) == 0
    assert Exposure.objects.get().seconds == 18 + 25


def test_a_page_without_a_script_counts_until_the_next_but_no_longer_than_ten_minutes(people):
    services.began(1, people.agent.pk, 3, "", at(0))
    services.began(2, people.agent.pk, 3, "", at(4))
    services.began(3, people.agent.pk, 3, "", at(60))

    met = Exposure.objects.order_by("began_at").values_list("case_id", "seconds")
    assert list(met) == [(1, 240), (2, 600)]


def test_somebody_has_one_pair_of_eyes(people):
    services.began(1, people.agent.pk, 3, "", at(0), is_heard=True)
    services.began(2, people.agent.pk, 3, "", at(0.2), is_heard=True)
    services.began(1, people.agent.pk, 3, "", at(0.4), is_heard=True)

    assert Looking.objects.get().case_id == 1
    assert sum(Exposure.objects.values_list("seconds", flat=True)) == pytest.approx(24)


def test_what_turns_out_worse_counts_as_that_from_then_on(people):
    services.began(1, people.agent.pk, 1, "", at(0))
    services.began(1, people.agent.pk, 4, "threat", at(2))
    services.began(1, people.agent.pk, 4, "threat", at(3), modality="PICTURE")
    services.ended(1, people.agent.pk, at(5))

    met = Exposure.objects.order_by("began_at").values_list("severity", "modality", "seconds")
    assert list(met) == [(1, "TEXT", 120), (4, "TEXT", 60), (4, "PICTURE", 120)]


def test_ending_what_is_not_there_changes_nothing(people):
    services.began(1, people.agent.pk, 3, "", at(0))
    services.ended(2, people.agent.pk, at(1))
    assert Looking.objects.count() == 1

    services.ended(1, people.agent.pk, at(1))
    services.ended(1, people.agent.pk, at(2))
    assert Exposure.objects.get().seconds == 60


def test_a_clock_that_goes_back_leaves_no_look_of_less_than_nothing(people):
    services.began(1, people.agent.pk, 3, "", at(10))
    services.ended(1, people.agent.pk, at(5))

    assert Exposure.objects.get().seconds == 0


def test_a_night_shift_belongs_to_the_day_it_began_on_at_the_site(people):
    people.agent.site = a_site("kuala-lumpur")
    people.agent.save()
    starts = at(5 * 60)  # 22:00 in Kuala Lumpur
    Shift.objects.create(staff=people.agent, starts_at=starts, ends_at=starts + timedelta(hours=8))
    meets(people.agent, begins=10 * 60, ends=10 * 60 + 5)

    assert Exposure.objects.get().shift_on.isoformat() == "2026-11-16"


def test_a_screen_reports_for_its_own_person_only(people):
    with acting(Actor.staff(people.agent)):
        services.began(1, people.agent.pk, 3, "", at(0))
        with pytest.raises(DatabaseError, match="its own person"), transaction.atomic():
            services.began(1, people.colleague.pk, 3, "", at(0))
        services.ended(1, people.colleague.pk, at(1))
    with (
        acting(Actor.staff(people.team_leader)),
        pytest.raises(DatabaseError, match="its own person"),
        transaction.atomic(),
    ):
        services.began(1, people.agent.pk, 0, "", at(1))

    assert Looking.objects.get().staff_id == people.agent.pk
