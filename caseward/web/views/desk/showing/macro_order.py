"""Which macros are offered first: of a campaign, for the case's reason, sent most on such cases."""

from collections.abc import Iterable
from datetime import timedelta

from django.utils import timezone

from caseward.casework.campaigns import macros_first
from caseward.casework.macro_counts import Counts, sent_by_reason
from caseward.casework.models import Case
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.policy.models import MacroVersion
from caseward.web.views.floor.spacing import Spaced

LATELY = timedelta(days=30)
KEPT_SECONDS = 600


def in_order(
    versions: Iterable[MacroVersion], case: Case, writer: StaffMember
) -> list[MacroVersion]:
    """Return macros that may be used on a case, the likeliest first."""
    first = macros_first(staff=writer)
    sent = _sent.get(None).get(case.reason_id, {})
    return sorted(
        versions,
        key=lambda version: (
            version.macro.key not in first,
            not version.conditions.get("reason"),  # they hold, so they name the case's own
            -sent.get(version.macro_id, 0),
            version.title.casefold(),
            version.pk,
        ),
    )


def forget() -> None:
    """Count anew when it is next asked for."""
    _sent.forget()


def _count(_: None) -> Counts:
    with acting(Actor.system("macros")):
        return sent_by_reason(since=timezone.now() - LATELY)


_sent: Spaced[None, Counts] = Spaced(_count, seconds=KEPT_SECONDS)
