"""Playbooks: what is to be done on a case of a reason, and what stands in the way of an ending."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from caseward.core.conditions import Conditions, Facts
from caseward.core.proof_ladder import ACCOUNT_RECOVERY, Ladder
from caseward.org.catalogue import kept_per_revision
from caseward.policy.models import PlaybookVersion, VersionState

TICK, CHOICE, TEXT, NUMBER, LADDER = "TICK", "CHOICE", "TEXT", "NUMBER", "LADDER"
CHECKS = (TICK, CHOICE, TEXT, NUMBER, LADDER)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and what shows that it was done.

    Attributes:
        texts: What to do, in each language.
        check: How it is answered.
        choices: Of a CHOICE, key to its name in each language.
        is_gate: Without it a case cannot get one of the dispositions in `blocks`.
        blocks: Keys of dispositions it keeps from; none means all of them.
        tiers: Who may do it; none means everybody on the case.
        needs_second: Somebody else has to confirm it; a ladder decides that by its risks.
    """

    key: str
    texts: Mapping[str, str]
    check: str = TICK
    choices: Mapping[str, Mapping[str, str]] | None = None
    is_gate: bool = False
    blocks: tuple[str, ...] = ()
    tiers: tuple[int, ...] = ()
    needs_second: bool = False
    conditions: Conditions = field(default_factory=Conditions)

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> "Step":
        return cls(
            key=str(stored["key"]),
            texts=dict(stored["texts"]),
            check=str(stored.get("check", TICK)),
            choices=dict(stored.get("choices") or {}),
            is_gate=bool(stored.get("is_gate", False)),
            blocks=tuple(stored.get("blocks") or ()),
            tiers=tuple(int(tier) for tier in stored.get("tiers") or ()),
            needs_second=bool(stored.get("needs_second", False)),
            conditions=Conditions.read(stored.get("conditions") or {}),
        )

    def stored(self) -> dict[str, Any]:
        """Return what `read` reads, leaving out what is as usual."""
        found: dict[str, Any] = {
            "key": self.key,
            "texts": dict(self.texts),
            "check": self.check,
            "choices": {key: dict(names) for key, names in (self.choices or {}).items()},
            "is_gate": self.is_gate,
            "blocks": list(self.blocks),
            "tiers": list(self.tiers),
            "needs_second": self.needs_second,
            "conditions": self.conditions.stored(),
        }
        return {name: value for name, value in found.items() if value}

    def text_in(self, language: str) -> str:
        return str(self.texts.get(language) or self.texts["en"])

    def is_for(self, facts: Facts) -> bool:
        return self.conditions.hold(facts)

    def may_be_done_in(self, tier: int) -> bool:
        return not self.tiers or tier in self.tiers

    def keeps_from(self, disposition_key: str) -> bool:
        return self.is_gate and (not self.blocks or disposition_key in self.blocks)

    def is_answered_by(self, answer: Mapping[str, Any]) -> bool:
        """Say whether an answer is one to this step, and shows what a ladder asks for."""
        if self.check == LADDER:
            return ladder().is_reached(*_climbed(answer))
        value = answer.get("value")
        if self.check == TICK:
            return value is True
        if self.check == CHOICE:
            return value in (self.choices or {})
        if self.check == NUMBER:
            return isinstance(value, int | float) and not isinstance(value, bool)
        return bool(str(value or "").strip())

    def asks_two_people(self, answer: Mapping[str, Any]) -> bool:
        if self.check == LADDER:
            return self.needs_second or ladder().needs_two_people(_climbed(answer)[1])
        return self.needs_second


def _climbed(answer: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    return list(answer.get("rungs") or ()), list(answer.get("risks") or ())


def ladder() -> Ladder:
    """Return the ladder that account recovery is decided by."""
    return ACCOUNT_RECOVERY


@kept_per_revision
def playbook_of(reason_id: int) -> PlaybookVersion | None:
    """Return what is in force for cases of a reason, if anything is."""
    released = PlaybookVersion.objects.filter(
        state=VersionState.RELEASED, playbook__is_active=True, playbook__reason_id=reason_id
    )
    return released.first()


@kept_per_revision
def _steps_of(reason_id: int) -> tuple[Step, ...]:
    version = playbook_of(reason_id)
    return tuple(map(Step.read, version.steps)) if version else ()


def steps_for(reason_id: int | None, facts: Facts) -> Sequence[Step]:
    """Return the steps that a case calls for, in order."""
    if reason_id is None:
        return ()
    return [step for step in _steps_of(reason_id) if step.is_for(facts)]
