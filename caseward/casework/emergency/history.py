"""Whether a case ever had an emergency: nobody is asked to rate it, and it never closes itself."""

from django.db.models import Exists, OuterRef

from caseward.casework.models import Emergency


def had_emergency(case_id: OuterRef) -> Exists:
    """Say of each case whether somebody was in danger; a false alarm does not count."""
    real = Emergency.objects.filter(case=case_id).exclude(state=Emergency.State.FALSE_ALARM)
    return Exists(real)
