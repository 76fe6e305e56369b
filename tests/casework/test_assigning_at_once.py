"""Many people, many cases, every way a case gets into hands, at the same moment on real tables.

Whatever happens in which order: no case has two owners, no hard rule is broken at the moment a
case is given, nothing is lost, and the ledger holds all of it.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Count
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from caseward.casework import access
from caseward.casework.models import Case
from caseward.casework.services import offering, take_next_case
from caseward.casework.services.assigning import (
    CannotTakeIt,
    MustRest,
    NothingToTake,
    assign_case,
    overflow,
    release_all,
    release_case,
    take_case,
)
from caseward.ledger.models import Event
from caseward.ledger.verifying import damages
from caseward.org.acting import Actor, acting
from caseward.org.models import Certification, Skill, StaffMember
from caseward.routing import availability
from caseward.routing.models import Capacity, Exclusion, Offer, OverflowRule, Queue
from tests.builders import (
    MONDAY_9AM,
    a_case,
    a_lob,
    a_promise,
    a_reason,
    a_share,
    a_team_leader,
    a_vendor,
    an_agent,
)
from tests.concurrency import apart, at_once

PEOPLE = 6
ROOM = 4
REFUSALS = (
    CannotTakeIt,
    MustRest,
    NothingToTake,
    offering.OfferGone,
    access.NotYoursToChange,
    access.CaseNotVisible,
)
people = st.integers(0, PEOPLE - 1)
everybody = st.lists(people, min_size=2, max_size=8)


def as_system():
    return acting(Actor.system("tests"))


class Floor(RuleBasedStateMachine):
    """Two vendors, two languages, certificates and exclusions, a queue that pushes, an overflow."""

    @initialize()
    def begin(self):
        self.now = MONDAY_9AM
        self.opened = 0
        apart(self._set_up)

    def _set_up(self):
        from tests.conftest import _empty

        _empty()
        with as_system():
            lob = a_lob()
            northstar, melati = a_vendor("northstar"), a_vendor("melati")
            self.vendors = [northstar, melati]
            for vendor in self.vendors:
                for language in ("en", "ta"):
                    a_share(vendor, lob, language, 0.5)
            a_promise(duration=timedelta(hours=4))
            self.plain = a_reason(key="plain").pk
            self.hard = a_reason(key="hard", certification="hard", language_level=3).pk
            self.people = [
                an_agent(self.vendors[n % 2], languages=("en", "ta")[: 1 + n % 3 // 2])
                for n in range(PEOPLE)
            ]
            Skill.objects.filter(staff=self.people[2]).update(level=3)
            for staff in self.people[:3]:
                Certification.objects.create(staff=staff, key="hard")
            Capacity.objects.create(channel="", at_most=ROOM)
            Queue.objects.filter(vendor=melati, language="en").update(mode="PUSH")
            OverflowRule.objects.create(
                key="over", from_vendor=northstar, to_tier=1, to_vendor=melati, waiting_over=6
            )
            self.lead = a_team_leader()

    @rule(vendor=st.integers(0, 1), is_hard=st.booleans(), barred=st.none() | people)
    def open_cases(self, vendor, is_hard, barred):
        apart(self._open, vendor, is_hard, barred)

    def _open(self, vendor, is_hard, barred):
        with as_system():
            for language in ("en", "ta", "en"):
                case = a_case(
                    vendor=self.vendors[vendor],
                    language=language,
                    reason_id=self.hard if is_hard else self.plain,
                    opened_at=self.now,
                )
                self.opened += 1
                if barred is not None:
                    staff = self.people[barred]
                    Exclusion.objects.create(case=case, staff=staff, why="Knew them", at=self.now)

    @rule(who=everybody)
    def all_ask_for_the_next_case(self, who):
        self._at_once([self._asking(number) for number in who])

    @rule(who=everybody, lead_gives=people)
    def all_want_the_same_case_while_a_lead_gives_it_away(self, who, lead_gives):
        reference = apart(self._any_waiting)
        if reference is None:
            return
        calls = [self._choosing(number, reference) for number in who]
        calls.append(lambda: self._give(self.people[lead_gives], reference))
        self._at_once(calls)

    @rule(who=people)
    def one_gives_everything_back_while_others_ask(self, who):
        staff = self.people[who]

        def give_back():
            with as_system():
                release_all(staff, by=None, why="STOP", now=self.now)

        self._at_once([give_back, self._asking(who), self._asking((who + 2) % PEOPLE)])

    @rule(who=everybody)
    def cases_are_offered_and_all_answer_what_they_are_asked(self, who):
        def offer():
            with as_system():
                return offering.offer_waiting_cases(now=self.now)

        apart(self._be_there, who)
        self._at_once([offer, offer])
        self._at_once([self._accepting(number) for number in {*who}] * 2)

    @rule(who=people)
    def a_queue_overflows_while_its_cases_are_taken(self, who):
        def move():
            with as_system():
                return overflow(now=self.now)

        self._at_once([move, move, self._asking(who), self._asking((who + 2) % PEOPLE)])

    @rule(minutes=st.integers(1, 3))
    def time_passes(self, minutes):
        self.now += timedelta(minutes=minutes)

        def end():
            with as_system():
                return offering.end_lapsed_offers(now=self.now)

        self._at_once([end, end])

    def _asking(self, number):
        staff = self.people[number]

        def ask():
            with acting(Actor.staff(staff)):
                return take_next_case(by=staff, now=self.now)

        return ask

    def _choosing(self, number, reference):
        staff = self.people[number]

        def choose():
            with acting(Actor.staff(staff)):
                return take_case(reference=reference, by=staff, now=self.now)

        return choose

    def _accepting(self, number):
        staff = self.people[number]

        def accept():
            with acting(Actor.staff(staff)):
                offer = offering.open_offer_of(staff.pk, now=self.now)
                if offer:
                    offering.accept_offer(offer_id=offer.pk, by=staff, now=self.now)

        return accept

    def _give(self, to, reference):
        with acting(Actor.staff(self.lead)):
            assign_case(reference=reference, to=to, by=self.lead, now=self.now)
            release_case(reference=reference, by=self.lead, now=self.now)

    def _be_there(self, who):
        with as_system():
            for number in who:
                staff = self.people[number]
                availability.set_state(staff=staff, state="AVAILABLE", why="", now=self.now)
                availability.heard_from(staff=staff, now=self.now)

    def _any_waiting(self):
        with as_system():
            waiting = Case.objects.filter(assignee=None, status__in=Case.WAITING)
            return waiting.order_by("pk").values_list("reference", flat=True).first()

    def _at_once(self, calls):
        answers = at_once(calls)
        problems = [a for a in answers if isinstance(a, Exception) and not isinstance(a, REFUSALS)]
        assert problems == []

    @invariant()
    def nothing_is_lost_doubled_or_given_to_whom_it_must_not_be(self):
        if getattr(self, "people", None):
            apart(self._check)

    def _check(self):
        with as_system():
            assert Case.objects.count() == self.opened
            for case in Case.objects.select_related("queue", "reason", "assignee"):
                owners = _owners(case)
                assert owners[-1:] in ([], [case.assignee_id]), case.reference
                if case.assignee:
                    assert _why_not(case, case.assignee) == []
            assert max(_open_offers("case_id"), default=0) <= 1
            assert max(_open_offers("staff_id"), default=0) <= 1
            held = Case.objects.filter(assignee__isnull=False).values("assignee")
            assert max((row["n"] for row in held.annotate(n=Count("pk"))), default=0) <= ROOM
            assert list(damages()) == []


def _owners(case: Case) -> list[int | None]:
    """Return whom the ledger says a case went to in turn; each leaves before the next comes."""
    owner, owners = None, []
    events = Event.objects.filter(case_id=case.pk).order_by("seq").values_list("kind", "data")
    for kind, data in events:
        if kind == "case.assigned":
            assert owner in {None, data["to_id"]}, "given to a second person"
            owner = data["to_id"]
        elif kind in {"case.released", "case.moved"}:
            owner = None
        owners.append(owner)
    return owners


def _why_not(case: Case, staff: StaffMember) -> list[str]:
    """Check the lasting rules afresh, without asking the code that was to keep them."""
    skill = Skill.objects.filter(staff=staff, lob=case.lob_id, language=case.language).first()
    needs: dict[str, Any] = {
        "vendor": case.vendor_id == staff.vendor_id == case.queue.vendor_id,
        "tier": case.tier == staff.tier,
        "language": skill is not None,
        "level": skill is not None
        and case.reason is not None
        and skill.level >= case.reason.language_level,
        "certification": case.reason is not None
        and (
            not case.reason.certification
            or staff.certifications.filter(key=case.reason.certification).exists()
        ),
        "independence": not Exclusion.objects.filter(case=case, staff=staff).exists(),
    }
    return [name for name, holds in needs.items() if not holds]


def _open_offers(by: str) -> list[int]:
    return list(
        Offer.objects.filter(outcome="")
        .values(by)
        .annotate(n=Count("pk"))
        .values_list("n", flat=True)
    )


def test_one_person_asking_in_many_tabs_at_once_gets_no_more_than_there_is_room_for(committed_db):
    with as_system():
        ana = an_agent()
        Capacity.objects.create(channel="", at_most=ROOM)
        for _ in range(12):
            a_case()
        availability.set_state(staff=ana, state="AVAILABLE", why="", now=MONDAY_9AM)

    def ask():
        with acting(Actor.staff(ana)):
            return take_next_case(by=ana, now=MONDAY_9AM).pk

    answers = at_once([ask] * 8)
    assert len({a for a in answers if isinstance(a, int)}) == ROOM
    assert sum(isinstance(a, NothingToTake) for a in answers) == 8 - ROOM


def test_two_pages_of_one_person_heard_of_for_the_first_time_at_once_are_one(committed_db):
    with as_system():
        ana = an_agent()

    def hear():
        with acting(Actor.staff(ana)):
            availability.heard_from(staff=ana, now=MONDAY_9AM)

    def say():
        with acting(Actor.staff(ana)):
            availability.set_state(staff=ana, state="AVAILABLE", why="", now=MONDAY_9AM)

    assert at_once([hear, say, hear, say]) == [None] * 4
    with as_system():
        said = Event.objects.filter(case_id=-ana.pk).values_list("kind", flat=True)
        assert list(said) == ["staff.available"]


@pytest.mark.usefixtures("committed_db")
def test_whatever_happens_at_once_every_case_has_one_owner_who_may_have_it():
    run_state_machine_as_test(
        Floor,
        settings=settings(
            max_examples=4,
            stateful_step_count=10,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
