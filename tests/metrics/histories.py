"""Histories nobody thought of: cases that random people treat at random, through the real verbs."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from caseward.casework.models import Case
from caseward.casework.services import (
    escalate_case,
    merge_case,
    note_missed_clocks,
    reopen_case,
    reply,
    resolve_case,
    return_escalation,
    settle_escalation,
    take_back_reply,
    transfer_case,
    unmerge_case,
)
from caseward.ledger.services import record
from caseward.org.models import StaffMember
from tests.builders import (
    a_case,
    a_disposition,
    a_lob,
    a_promise,
    a_share,
    a_site,
    a_specialist,
    a_team,
    a_team_leader,
    a_vendor,
    an_agent,
)

UNDO = timedelta(minutes=5)


class History:
    """A small operation whose every step is drawn from `rng`; a step that is refused is skipped."""

    def __init__(self, seed: int, *, ends_at: datetime) -> None:
        self.rng, self.ends_at = random.Random(seed), ends_at
        self.lobs = [a_lob(), a_lob("age-support")]
        far = a_team(a_vendor("melati"), site=a_site("kuala-lumpur"))
        self.agents = [an_agent(), an_agent(a_vendor("melati"), team=far, site=far.site)]
        self.specialists = [a_specialist(lob) for lob in self.lobs]
        self.leader = a_team_leader()
        for lob in self.lobs:
            a_promise(lob=lob, duration=timedelta(hours=8))
            a_promise("RESOLUTION", timedelta(days=3), lob=lob)
            for agent in self.agents:
                a_share(agent.vendor, lob)

    def live(self, cases: int, *, days: int) -> list[Case]:
        """Open cases over the last days and do things to them until `ends_at`."""
        opened = sorted(self.rng.uniform(0, days * 24) for _ in range(cases))
        return [self._live(self.ends_at - timedelta(hours=hours)) for hours in reversed(opened)]

    def _live(self, now: datetime) -> Case:
        agent = self.rng.choice(self.agents)
        lob = self.rng.choice(self.lobs)
        case = a_case(assignee=agent, vendor=agent.vendor, lob=lob, opened_at=now)
        for _ in range(self.rng.randrange(7)):
            now += timedelta(hours=self.rng.expovariate(1 / 12))
            if now < self.ends_at:
                note_missed_clocks(now=now)
                self._step(case, agent, now)
        return case

    def _step(self, case: Case, agent: StaffMember, now: datetime) -> None:
        step: Callable[[Case, StaffMember, datetime], object] = self.rng.choice(
            [
                self._answer, self._answer, self._answer, self._take_back, self._resolve,
                self._resolve, self._escalate, self._judge, self._reopen, self._transfer,
                self._merge, self._rate, self._rate,
            ]
        )  # fmt: skip
        try:
            step(case, agent, now)
        except Exception as refused:
            if type(refused).__module__.split(".")[1] not in {"casework", "routing"}:
                raise

    def _by(self, case: Case, agent: StaffMember) -> StaffMember:
        case.refresh_from_db()
        return agent if case.tier == 1 else self.leader

    def _answer(self, case, agent, now):
        return reply(
            reference=case.reference, by=self._by(case, agent), text="Yes.", now=now, undo=UNDO,
            is_pending=self.rng.random() < 0.3,
            disposition=a_disposition(case.lob) if self.rng.random() < 0.3 else None,
        )  # fmt: skip

    def _take_back(self, case, agent, now):
        sent = self._answer(case, agent, now)
        take_back_reply(message_id=sent.pk, by=sent.author, now=now + timedelta(minutes=1))

    def _resolve(self, case, agent, now):
        by = self._by(case, agent)
        resolve_case(reference=case.reference, by=by, disposition=a_disposition(case.lob), now=now)

    def _escalate(self, case, agent, now):
        escalate_case(reference=case.reference, by=agent, why="Why", tried="This", now=now)

    def _judge(self, case, agent, now):
        case.refresh_from_db()
        judge = self.rng.choice([settle_escalation, return_escalation])
        verdict = self.rng.choice(["NEEDED", "AVOIDABLE", "WRONG_LOB"])
        by = self.specialists[self.lobs.index(case.lob)]
        judge(reference=case.reference, by=by, verdict=verdict, note="Try that.", now=now)

    def _reopen(self, case, agent, now):
        reopen_case(reference=case.reference, by=self.leader, now=now)

    def _transfer(self, case, agent, now):
        lob = self.rng.choice(self.lobs)
        by = self._by(case, agent)
        transfer_case(reference=case.reference, by=by, lob=lob, language="en", why="x", now=now)

    def _merge(self, case, agent, now):
        case.refresh_from_db()
        if case.merged_into_id:
            unmerge_case(reference=case.reference, by=self.leader, now=now)
        else:
            other = Case.objects.exclude(pk=case.pk).order_by("pk").first()
            if other:
                merge_case(reference=case.reference, into=other.reference, by=self.leader, now=now)

    def _rate(self, case, agent, now):
        data = {"lob_id": case.lob_id, "vendor_id": case.vendor_id}
        common = {"at": now, "actor_id": None, "actor_name": "Requester", "case_id": case.pk}
        record("survey.asked", data=data, **common)
        if self.rng.random() < 0.7:
            rating = self.rng.choice([1, 3, 4, 5, 5])
            record("survey.answered", data={**data, "rating": rating}, **common)
