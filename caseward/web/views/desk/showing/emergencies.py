"""The emergency of a case, in the words of whoever reads it."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from caseward.casework.facts import facts_of
from caseward.casework.models import Case, Emergency
from caseward.casework.services.macros import ChosenMacro
from caseward.org.models import StaffMember
from caseward.policy.macros import filled, macros_of_case, unfilled
from caseward.web.views.desk.showing import moments
from caseward.web.views.desk.showing.colleagues import name_for
from caseward.web.views.desk.showing.macros import values_for


def on_case(case: Case, reader: StaffMember, *, now: datetime) -> dict[str, Any] | None:
    """Return the newest emergency of a case that was none by mistake."""
    real = case.emergencies.exclude(state=Emergency.State.FALSE_ALARM)
    emergency = real.select_related("raised_by", "acknowledged_by").order_by("-pk").first()
    if emergency is None:
        return None
    is_running = emergency.state in Emergency.RUNNING
    return {
        "id": emergency.pk,
        "state": emergency.state,
        "is_running": is_running,
        "words": _words(emergency, reader, now),
        "when": moments.moment(emergency.raised_at, now=now),
        "at": emergency.raised_at,
        "can_take": emergency.state == Emergency.State.PAGING and reader.vendor_id is None,
        "can_open": reader.vendor_id is None,
        "can_take_back": _can_take_back(emergency, reader),
    }


def _can_take_back(emergency: Emergency, reader: StaffMember) -> bool:
    is_early = emergency.state in {Emergency.State.PAGING, Emergency.State.IN_HAND}
    return is_early and (reader.vendor_id is None or emergency.raised_by_id == reader.pk)


def _words(emergency: Emergency, reader: StaffMember, now: datetime) -> str:
    taker = emergency.acknowledged_by.name if emergency.acknowledged_by else ""
    who = name_for(reader, staff_id=emergency.acknowledged_by_id, name=taker)
    said = {
        Emergency.State.PAGING: _("Somebody may come to harm. Whoever is on call is being paged."),
        Emergency.State.IN_HAND: _("Somebody may come to harm. %(who)s has it in hand."),
        Emergency.State.DECIDED: _("Somebody may come to harm. It was decided what is done."),
        Emergency.State.ENDED: _("There was an emergency. It has ended, with %(who)s."),
    }
    return said[Emergency.State(emergency.state)] % {"who": who}


def crisis_text(case: Case, writer: StaffMember, *, now: datetime) -> str:
    """Return what the requester can be told at once; empty where that is nothing."""
    macro = crisis_macro(case, writer, now=now)
    return macro.rendered if macro else ""


def crisis_macro(case: Case, writer: StaffMember, *, now: datetime) -> ChosenMacro | None:
    """Return what to tell the requester at once, in their language; else in English.

    None where no macro may say it on this case, or where the help it names is stale: that is never
    sent. What the macro would do besides is left undone: the alarm decides about the case.
    """
    usable = macros_of_case(case.lob_id, facts_of(case))
    found = next((each for each in usable if each.macro.key == settings.CRISIS_MACRO), None)
    if found is None:
        return None
    language = case.language if found.texts.get(case.language) else "en"
    text = filled(found.texts[language], values_for(case, writer, timezone.localdate(now)))
    return None if unfilled(text) else ChosenMacro(found, language, rendered=text, acts=False)
