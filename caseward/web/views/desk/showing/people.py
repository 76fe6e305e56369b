"""Parties, facts and connected cases."""

from datetime import datetime
from typing import Any

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.casework import access
from caseward.casework.models import Case, Link, Party
from caseward.org.models import Language, StaffMember
from caseward.web.languages import named
from caseward.web.look import initials
from caseward.web.views.desk.showing import moments

MOST_LINKS = 40
LINKED, DUPLICATE, MERGED = "LINKED", "DUPLICATE", "MERGED"


def parties(case: Case) -> list[dict[str, Any]]:
    """Return the parties, contact details masked; seeing them whole is a verb of its own."""
    found = sorted(case.parties.all(), key=lambda party: Party.Part.names.index(party.part))
    return [_party(party) for party in found]


def _party(party: Party) -> dict[str, Any]:
    name = party.name or party.handle or _("Not named")
    return {
        "role_label": party.get_part_display(),
        "name": name,
        "handle": party.handle if party.name else "",
        "initials": initials(name) or "?",
        "contact": party.masked_email or party.masked_phone,
        "contact_icon": "at-sign" if party.masked_email else "phone",
        "is_masked": True,
    }


def recipient(case: Case) -> str:
    """Return whom a reply goes to, masked."""
    for party in parties(case):
        if party["contact"]:
            return str(party["contact"])
    return _("nobody: no address is known")


def facts(case: Case, *, now: datetime) -> list[tuple[str, str]]:
    found = [
        (_("Channel"), str(case.get_channel_display())),
        (_("Language"), Language(case.language).label),
        (_("Country"), case.country),
        (_("Opened"), moments.moment(case.opened_at, now=now)),
        (_("Tier"), _("1, vendor") if case.tier == 1 else _("2, in-house")),
        (_("Vendor"), case.vendor.name if case.vendor else ""),
        (_("Ended as"), named(case.disposition) if case.disposition else ""),
        (_("Reopened"), str(case.reopened_count or "")),
    ]
    return [(label, value) for label, value in found if value]


def links(case: Case, reader: StaffMember) -> list[dict[str, Any]]:
    """Return linked and merged cases that the reader may see."""
    related = _related(case)
    if not related:
        return []
    found = access.visible_cases(reader).filter(pk__in=related).order_by("-opened_at", "pk")
    shown = found.only("reference", "title", "language", "status")[:MOST_LINKS]
    return [_link(other, related[other.pk]) for other in shown]


def _related(case: Case) -> dict[int, str]:
    """Return the numbers of connected cases and how they are connected: one query."""
    linked = [
        Link.objects.filter(other=case).values_list("case_id", Value(LINKED)),
        Link.objects.filter(case=case).values_list("other_id", Value(LINKED)),
        Case.objects.filter(merged_into=case).values_list("pk", Value(DUPLICATE)),
    ]
    found = dict(linked[0].union(*linked[1:], all=True))
    if case.merged_into_id:
        found[case.merged_into_id] = MERGED
    return found


def _link(case: Case, relation: str) -> dict[str, Any]:
    words = {LINKED: _("Linked"), DUPLICATE: _("Duplicate of this"), MERGED: _("Merged into")}
    return {
        "url": reverse("case", args=[case.reference]),
        "reference": case.reference,
        "subject": case.title,
        "language": case.language,
        "relation_label": words[relation],
        "is_linked": relation == LINKED,
        "status_label": case.get_status_display(),
    }
