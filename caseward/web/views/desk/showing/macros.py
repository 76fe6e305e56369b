"""Macros for the picker: in the requester's language first, filled with what the case knows."""

from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from caseward.casework.models import Case
from caseward.channels.links import hidden_status_url
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.policy.macros import PLACEHOLDER, filled, macros_for


def values_for(case: Case, writer: StaffMember) -> dict[str, str]:
    """Return what placeholders stand for on a case."""
    names = [party.name for party in case.parties.all() if party.part == "REQUESTER"]
    return {
        "requester_name": next(iter(names), ""),
        "reference": case.reference,
        "agent_name": writer.name.split()[0],
        "status_url": hidden_status_url(),  # filled in when the mail is written
        "platform": org.operation().platform_name,
    }


def macros(case: Case, writer: StaffMember) -> list[dict[str, Any]]:
    values = values_for(case, writer)
    found = []
    for macro in macros_for(case.lob_id):
        languages = sorted(macro.texts, key=lambda code: (code != case.language, code != "en"))
        found += [
            {
                "key": f"{macro.key}-{language}",
                "name": macro.title,
                "about": Language(language).label,
                "language": language,
                "text": _marked(filled(macro.texts[language], values)),
            }
            for language in languages
        ]
    return sorted(found, key=lambda macro: macro["language"] != case.language)


def _marked(text: str) -> SafeString:
    """Escape the text and mark the words that are still to be filled in."""
    return mark_safe(  # noqa: S308  (escaped on this very line)
        PLACEHOLDER.sub(lambda found: f"<mark>{found[0]}</mark>", escape(text))
    )
