"""What conditions of macros, playbooks and rules ask of a case."""

from caseward.casework import access
from caseward.casework.models import Case
from caseward.core.conditions import Facts
from caseward.org import queries as org
from caseward.policy import queries as policy


def facts_of(case: Case) -> Facts:
    """Return what is known of a case, in the words conditions are written in."""
    reason = policy.reasons().get(case.reason_id or 0)
    values = {
        "lob": org.lines_of_business()[case.lob_id].key,
        "reason": reason.key if reason else "",
        "tier": str(case.tier),
        "language": case.language,
        "channel": case.channel,
        "country": case.country,
        "priority": str(case.priority),
        "status": case.status,
        "locked": "yes" if access.is_disclosure_locked(case) else "no",
    }
    return Facts(values, frozenset(case.tags))
