"""Legal presets for tests: taken in from the data files and switched on by two people."""

from caseward.org.catalogue import look_again
from caseward.policy.legal import loading, switching
from caseward.policy.legal.models import LegalChange, LegalPreset
from tests.builders import MONDAY_9AM, a_regional_lead


def a_law(key: str) -> LegalPreset:
    """A preset that is switched on."""
    loading.load(now=MONDAY_9AM)
    asker, approver = a_regional_lead(), a_regional_lead()
    change = switching.ask(
        key=key, kind=LegalChange.Kind.SWITCH_ON, by=asker, why="It binds us", now=MONDAY_9AM
    )
    preset = switching.approve(change_id=change.pk, by=approver, now=MONDAY_9AM)
    look_again()
    return preset
