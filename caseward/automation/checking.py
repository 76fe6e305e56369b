"""What is wrong with a rule before it ever runs, and what it would do against another."""

from collections.abc import Sequence
from dataclasses import dataclass

from caseward.automation.deeds import Deeds, behaviour, conditions_of, released_macro
from caseward.automation.models import RuleVersion
from caseward.core.rule_loops import Contradiction, contradiction, find_circle
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.policy import queries as policy

WAITS_FOR = (
    "case.opened",
    "message.received",
    "message.sent",
    "note.added",
    "case.assigned",
    "case.released",
    "case.tagged",
    "case.prioritised",
    "case.recognised",
    "case.transferred",
    "case.escalated",
    "escalation.returned",
    "case.resolved",
    "case.reopened",
    "clock.missed",
    "survey.answered",
)

# Codes of what is wrong; the page says each in a sentence.
NO_EVENT, NO_DEED, NEVER_HOLDS, NO_SUCH_REASON = "NO_EVENT", "NO_DEED", "NEVER_HOLDS", "NO_REASON"
NO_SUCH_LOB, NO_SUCH_PERSON, NO_SUCH_MACRO, CIRCLE = "NO_LOB", "NO_PERSON", "NO_MACRO", "CIRCLE"


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a rule may not be kept; `about` names what, such as the rules of a circle."""

    code: str
    about: tuple[str, ...] = ()


def problems_of(version: RuleVersion, others: Sequence[RuleVersion]) -> list[Problem]:
    """Return why a rule may not be kept beside the others that are on; nothing where it may."""
    found = [*_missing(version), *_impossible(version), *_unknown(version)]
    circle = find_circle([behaviour(version), *map(behaviour, others)])
    if version.rule.key in circle:
        found.append(Problem(CIRCLE, tuple(circle)))
    return found


def _missing(version: RuleVersion) -> list[Problem]:
    found = []
    if not version.kinds or set(version.kinds) - set(WAITS_FOR):
        found.append(Problem(NO_EVENT))
    if not Deeds.read(version.deeds).stored():
        found.append(Problem(NO_DEED))
    return found


def _impossible(version: RuleVersion) -> list[Problem]:
    """Find conditions that no case can fulfil, and reasons their lines of business do not have."""
    conditions = conditions_of(version)
    if not conditions.can_hold:
        both = tuple(sorted(conditions.tags & conditions.without_tags))
        return [Problem(NEVER_HOLDS, both)]
    wanted = conditions.allowed.get("reason", frozenset())
    lobs = conditions.allowed.get("lob", frozenset())
    keys = {pk: lob.key for pk, lob in org.lines_of_business().items()}
    known = {
        reason.key
        for reason in policy.reasons().values()
        if reason.is_active and (not lobs or keys.get(reason.lob_id) in lobs)
    }
    if wanted and not wanted & known:
        return [Problem(NO_SUCH_REASON, tuple(sorted(wanted)))]
    return []


def _unknown(version: RuleVersion) -> list[Problem]:
    deeds, found = Deeds.read(version.deeds), []
    if deeds.lob and deeds.lob not in {lob.key for lob in org.lines_of_business().values()}:
        found.append(Problem(NO_SUCH_LOB, (deeds.lob,)))
    people = StaffMember.objects.filter(key=deeds.assign_to, is_active=True)
    if deeds.assign_to and not people.exists():
        found.append(Problem(NO_SUCH_PERSON, (deeds.assign_to,)))
    if deeds.macro and released_macro(deeds.macro) is None:
        found.append(Problem(NO_SUCH_MACRO, (deeds.macro,)))
    return found


def contradictions_of(version: RuleVersion, others: Sequence[RuleVersion]) -> list[Contradiction]:
    """Return which rules that are on want the opposite of some case, each with such a case."""
    mine = behaviour(version)
    found = [contradiction(mine, behaviour(other)) for other in others]
    return [each for each in found if each is not None]


def others_that_are_on(version: RuleVersion) -> list[RuleVersion]:
    on = RuleVersion.objects.filter(state=RuleVersion.State.ON).exclude(rule=version.rule)
    return list(on.select_related("rule", "rule__lob").order_by("rule__key"))
