"""The demo's own people at work: they come and go, answer offers, and finish a case now and then.

Those whom visitors sign in as do nothing by themselves.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from random import Random

from django.conf import settings
from django.utils import timezone

from caseward.casework import services as casework
from caseward.casework.models import Case
from caseward.casework.services import offering
from caseward.casework.services.assigning import CannotTakeIt
from caseward.casework.services.playbook import StepsMissing
from caseward.jobs.demo import habits, texts
from caseward.jobs.demo.demand import one_of
from caseward.jobs.demo.people import PEOPLE
from caseward.org.acting import Actor, acting
from caseward.org.models import Shift, StaffMember
from caseward.policy.models import Disposition
from caseward.routing import availability
from caseward.routing.models import Availability, Offer

VISITORS = [who.key for who in PEOPLE]
SYSTEM = Actor.system("demo")
UNDO = timedelta(seconds=settings.UNDO_SECONDS)
State = Availability.State
NEXT = {  # what somebody does after this
    State.AVAILABLE: {State.BUSY: 6, State.BREAK: 2, State.TRAINING: 1, State.DECOMPRESSING: 1},
    State.BUSY: {State.AVAILABLE: 8, State.BREAK: 2},
    State.OFF: {State.AVAILABLE: 1},
}
LASTS = {State.BREAK: 15, State.TRAINING: 45, State.DECOMPRESSING: 20}  # minutes
MILD = 1  # what needs care is left to visitors


class Agents:
    """Everybody of the demo who works cases, but for visitors."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def be_there(self) -> str | None:
        """Keep the pages of those at work open, bring in whose shift began, answer offers."""
        now = timezone.now()
        with acting(SYSTEM):
            at_work = Availability.objects.filter(state__in=availability.AT_WORK)
            at_work.exclude(staff__key__in=VISITORS).update(seen_at=now)
        self._change_shifts(now)
        return self._answer_offers(now)

    def change(self) -> str | None:
        """Let somebody on shift do something else from now on."""
        now = timezone.now()
        with acting(SYSTEM):
            held = Availability.objects.filter(state__in=[State.AVAILABLE, State.BUSY])
            mine = held.exclude(staff__key__in=VISITORS).select_related("staff").order_by("?")
            found = mine.first()
        if found is None:
            return None
        state = one_of(NEXT[State(found.state)], self._random)
        until = now + timedelta(minutes=LASTS[state]) if state in LASTS else None
        with acting(Actor.staff(found.staff)):
            availability.set_state(staff=found.staff, state=state, why="", now=now, until=until)
        return f"{found.staff.key} is {state.lower()}"

    def work(self) -> str | None:
        """Let somebody at work take a case, or finish one that they have."""
        with acting(SYSTEM):
            held = Availability.objects.filter(
                state__in=availability.AT_WORK, staff__role="AGENT"
            ).exclude(staff__key__in=VISITORS)
            found = held.select_related("staff").order_by("?").first()
        return self._work(found.staff, timezone.now()) if found else None

    def _work(self, staff: StaffMember, now: datetime) -> str | None:
        with acting(Actor.staff(staff)):
            mine = Case.objects.filter(
                assignee=staff,
                status__in=["OPEN", "REOPENED"],
                reason__severity__lte=MILD,
                snoozed_until=None,
            )
            case = mine.select_related("lob").order_by("urgency", "pk").first()
            return self._finish(case, staff, now) if case else _take(staff, now)

    def _finish(self, case: Case, staff: StaffMember, now: datetime) -> str | None:
        is_solved = self._random.random() < habits.SOLVED_SHARE[case.lob.key]
        keys = (habits.SOLVED if is_solved else habits.UNSOLVED)[case.lob.key]
        outcome = "solved" if is_solved else "declined"
        try:
            casework.reply(
                reference=case.reference,
                by=staff,
                text=texts.reply(outcome, case.language, self._random),
                now=now,
                undo=UNDO,
                disposition=Disposition.objects.get(lob=case.lob, key=one_of(keys, self._random)),
            )
        except StepsMissing:
            return None
        return f"an answer of {staff.key}"

    def _change_shifts(self, now: datetime) -> None:
        """Send home whose shift is over, and let whose began say that they are available."""
        with acting(SYSTEM):
            on = set(
                Shift.objects.filter(starts_at__lte=now, ends_at__gt=now)
                .exclude(staff__key__in=VISITORS)
                .values_list("staff_id", flat=True)
            )
            known = Availability.objects.exclude(staff__key__in=VISITORS).exclude(state=State.OFF)
            there = set(known.values_list("pk", flat=True))
            changed = list(StaffMember.objects.filter(pk__in=on ^ there, is_active=True))
        for staff in changed:
            state = State.AVAILABLE if staff.pk in on else State.OFF
            with acting(Actor.staff(staff)):
                availability.set_state(staff=staff, state=state, why="", now=now)

    def _answer_offers(self, now: datetime) -> str | None:
        with acting(SYSTEM):
            waiting = Offer.objects.filter(outcome="", expires_at__gt=now)
            others = waiting.exclude(staff__key__in=VISITORS).select_related("staff")
            offers = list(others.order_by("pk"))
        for offer in offers:
            with acting(Actor.staff(offer.staff)), suppress(offering.OfferGone, CannotTakeIt):
                offering.accept_offer(offer_id=offer.pk, by=offer.staff, now=now)
        return f"{len(offers)} offers answered" if offers else None


def _take(staff: StaffMember, now: datetime) -> str | None:
    try:
        case = casework.take_next_case(by=staff, now=now)
    except (casework.NothingToTake, CannotTakeIt):
        return None
    return f"{case.reference} is in the hands of {staff.key}"
