"""Macros for the picker: in the requester's language first, filled with what the case knows."""

from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from caseward.casework.facts import facts_of
from caseward.casework.models import Case
from caseward.casework.services.silence import may_mention_reports
from caseward.channels.links import hidden_status_url
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.policy import crisis
from caseward.policy.legal.disclosing import mentions_a_report
from caseward.policy.macro_actions import Actions
from caseward.policy.macros import CRISIS, PLACEHOLDER, crisis_keys, filled, macros_of_case
from caseward.policy.models import MacroVersion
from caseward.web.views.content.action_words import sentences
from caseward.web.views.desk.showing.macro_order import in_order


def values_for(case: Case, writer: StaffMember, today: date) -> dict[str, str]:
    """Return what placeholders stand for on a case; help that is stale stands for nothing."""
    names = [party.name for party in case.parties.all() if party.part == "REQUESTER"]
    return {
        "requester_name": next(iter(names), ""),
        "reference": case.reference,
        "agent_name": writer.name.split()[0],
        "status_url": hidden_status_url(),  # filled in when the mail is written
        "platform": org.operation().platform_name,
        **_help(case, today),
    }


def _help(case: Case, today: date) -> dict[str, str]:
    found = {}
    for key in crisis.needs():
        try:
            resource = crisis.help_for(
                key, country=case.country, language=case.language, today=today
            )
        except (crisis.NoHelpKnown, crisis.HelpIsStale):
            continue
        found[f"{CRISIS}{key}"] = resource.in_words()
    return found


def problem_with_help(case: Case, keys: list[str], today: date) -> str:
    """Say why a text that names help in a crisis cannot be sent, and who can mend it."""
    for key in keys:
        try:
            crisis.help_for(key, country=case.country, language=case.language, today=today)
        except crisis.HelpIsStale as stale:
            return _stale(stale)
        except crisis.NoHelpKnown as unknown:
            return _(
                "Nobody wrote down where to find help (%(key)s) for %(country)s in "
                "%(language)s. Nothing was sent. Ask a team leader to add it to the registry."
            ) % {
                "key": unknown.key,
                "country": unknown.country or _("an unknown country"),
                "language": Language(unknown.language).label,
            }
    return ""


def _stale(stale: crisis.HelpIsStale) -> str:
    until = stale.resource.valid_until
    return _(
        "%(name)s (%(key)s) has not been verified since %(day)s, so nothing that names it is "
        "sent. Ask a team leader to call it and verify it in the registry, then send again."
    ) % {
        "name": stale.resource.name,
        "key": stale.resource.key,
        "day": stale.resource.last_verified_on if until else _("it was written down"),
    }


def macros(case: Case, writer: StaffMember, today: date) -> list[dict[str, Any]]:
    """Return the macros that may be used on a case, each in each of its languages.

    Those in the case's language come first; the others are folded away behind them.
    """
    values = values_for(case, writer, today)
    usable = in_order(macros_of_case(case.lob_id, facts_of(case)), case, writer)
    may_mention = may_mention_reports(case, writer)
    found = [
        _shown(version, language, values, case, today)
        for version in usable
        for language in sorted(version.texts)
        if may_mention or not _tells_of_a_report(version.texts[language])
    ]
    return _folded(found, case.language)


def _folded(found: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    own = [macro for macro in found if macro["language"] == language]
    others = [macro for macro in found if macro["language"] != language]
    return [*own, *({**macro, "is_folded": bool(own)} for macro in others)]


@lru_cache(maxsize=5_000)
def _tells_of_a_report(text: str) -> bool:
    """Say whether a macro does: every case page asks of every macro."""
    return mentions_a_report(text)


def _shown(
    version: MacroVersion, language: str, values: dict[str, str], case: Case, today: date
) -> dict[str, Any]:
    text = version.texts[language]
    return {
        "key": f"{version.pk}-{language}",
        "name": version.title,
        "about": Language(language).label,
        "language": language,
        "is_folded": False,
        "text": marked(filled(text, values)),
        "does": sentences(Actions.read(version.actions), case.lob_id),
        "problem": problem_with_help(case, crisis_keys([text]), today),
    }


def marked(text: str) -> SafeString:
    """Escape the text and mark the words that are still to be filled in."""
    return mark_safe(  # noqa: S308  (escaped on this very line)
        PLACEHOLDER.sub(lambda found: f"<mark>{found[0]}</mark>", escape(text))
    )
