"""What conditions of macros, playbooks and rules ask of a case."""

from caseward.casework import access
from caseward.casework.models import Case
from caseward.core.conditions import Facts
from caseward.org import queries as org
from caseward.org.acting import current_actor
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
        "locked": _locked(case),
    }
    return Facts(values, frozenset(case.tags))


def _locked(case: Case) -> str:
    """Say whether nothing may be said of a report; a vendor's staff get one answer on every case.

    What is offered to them would else tell of the lock. Words that tell of a report are refused to
    them wherever they stand (`silence.refuse_to_disclose`).
    """
    if current_actor().role == "cw_vendor":
        return "no"
    return "yes" if access.is_disclosure_locked(case) else "no"
