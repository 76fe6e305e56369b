"""What starts and what stops a clock: the one table everything that happens is looked up in.

Our own promises have their rules here; those of a legal preset come from its stages. Verbs say
what happened by the kind of its ledger event (`services.happened`).
"""

from dataclasses import dataclass

from caseward.org.catalogue import kept_per_revision
from caseward.policy.legal import queries as legal
from caseward.policy.legal.shapes import EVENTS, RECEIVED
from caseward.sla.models import Clock, ClockKind

OPENED = "case.opened"


@dataclass(frozen=True, slots=True)
class Rule:
    """When a promise of one kind begins to run, and what keeps it.

    `unless_running` names a kind whose clock makes this one needless while it runs.
    """

    starts: frozenset[str]
    stops: frozenset[str]
    is_pausable: bool = True
    unless_running: str = ""


def _when(*events: str) -> frozenset[str]:
    return frozenset(events)


JUDGED = ("escalation.settled", "escalation.returned", "case.resolved")
RULES: dict[str, Rule] = {
    ClockKind.ACKNOWLEDGE: Rule(
        _when(OPENED),
        _when("case.acknowledged", "message.sent", "case.resolved"),
        is_pausable=False,
    ),
    ClockKind.FIRST_RESPONSE: Rule(_when(OPENED), _when("message.sent", "case.resolved")),
    ClockKind.NEXT_RESPONSE: Rule(
        _when("message.received"),
        _when("message.sent", "case.resolved"),
        unless_running=ClockKind.FIRST_RESPONSE,
    ),
    ClockKind.ESCALATION_PICKUP: Rule(
        _when("case.escalated"), _when("escalation.accepted", *JUDGED), is_pausable=False
    ),
    ClockKind.TIER_2_DECISION: Rule(_when("case.escalated"), _when(*JUDGED)),
    ClockKind.RESOLUTION: Rule(_when(OPENED), _when("case.resolved")),
}


# What happens to a report in law and to any case alike.
OF_EVERY_CASE = {RECEIVED: OPENED, "acknowledged": "case.acknowledged"}


def starts_when_opened(kind: str) -> bool:
    rule = RULES.get(kind)
    return rule is not None and OPENED in rule.starts


def legal_event(name: str) -> str:
    """Return the kind of event that a stage of a preset names."""
    return OF_EVERY_CASE.get(name, f"legal.{name}")


@kept_per_revision
def heard() -> frozenset[str]:
    """Return the kinds of events that move any clock."""
    ours = frozenset().union(*(rule.starts | rule.stops for rule in RULES.values()))
    return ours | frozenset(legal_event(name) for name in EVENTS)


def stops(kind: str, stage: str, preset_id: int | None) -> frozenset[str]:
    """Return what stops a clock."""
    if not preset_id:
        return RULES[kind].stops if kind in RULES else frozenset()
    told = legal.version(preset_id).stage_of(stage)
    return frozenset(map(legal_event, told.stops if told else ())) | {"legal.not_applicable"}


def starts_of_stage(clock: Clock) -> tuple[str, ...]:
    """Return what starts the stage of a preset that a clock runs for, as the preset names it."""
    stage = legal.version(clock.preset_id).stage_of(clock.stage) if clock.preset_id else None
    return stage.starts if stage else ()
