"""The macros that went into an answer, as the page says when it is sent."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from caseward.casework.facts import facts_of
from caseward.casework.models import Case
from caseward.casework.services.macros import ChosenMacro
from caseward.org.models import StaffMember
from caseward.policy.macro_actions import Actions
from caseward.policy.macros import crisis_keys, filled, macros_of_case
from caseward.web.views.content.action_words import sentences
from caseward.web.views.desk.showing.macros import problem_with_help, values_for

MOST = 10


class CannotBeUsed(Exception):
    """A macro may not, or no longer, be used on this case; the message says which and why."""


def chosen(request: HttpRequest, case: Case, writer: StaffMember, today: date) -> list[ChosenMacro]:
    """Return the macros an answer was made of.

    Raises:
        CannotBeUsed: one was taken out of use, is not for this case, or names stale help.
    """
    keys = _keys(request)
    if not keys:
        return []
    usable = {version.pk: version for version in macros_of_case(case.lob_id, facts_of(case))}
    values = values_for(case, writer, today)
    found = []
    for version_id, language, acts in keys:
        version = usable.get(version_id)
        if version is None or language not in version.texts:
            raise CannotBeUsed(_gone())
        text = version.texts[language]
        if problem := problem_with_help(case, crisis_keys([text]), today):
            raise CannotBeUsed(problem)
        found.append(ChosenMacro(version, language, filled(text, values), acts=acts))
    return found


def shown_again(request: HttpRequest, case: Case) -> list[dict[str, Any]]:
    """Return the macros of an answer that was refused, for the composer that keeps it."""
    usable = {version.pk: version for version in macros_of_case(case.lob_id, facts_of(case))}
    return [
        {
            "key": f"{version_id}-{language}",
            "field": "macros" if acts else "macros_as_text",
            "does": sentences(Actions.read(usable[version_id].actions), case.lob_id)
            if acts
            else [],
        }
        for version_id, language, acts in _keys(request)
        if version_id in usable
    ]


def _gone() -> str:
    return _(
        "A macro in this answer may no longer be used on this case. Nothing was sent and your "
        "text is kept. Check what it says, then send again; it goes as your own words."
    )


def _keys(request: HttpRequest) -> list[tuple[int, str, bool]]:
    """Return version, language and whether it may act; the last word on a macro counts."""
    found: dict[int, tuple[int, str, bool]] = {}
    for name, acts in (("macros", True), ("macros_as_text", False)):
        for key in request.POST.getlist(name)[:MOST]:
            number, _dash, language = key.partition("-")
            if number.isascii() and number.isdecimal() and len(number) < 19:
                found[int(number)] = (int(number), language, acts)
    return list(found.values())
