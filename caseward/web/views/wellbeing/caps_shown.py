"""What people may meet at most, in words: the rules in force, and those before them."""

from dataclasses import fields
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.core.exposure import Caps, looser
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.web.languages import named
from caseward.web.views.desk.showing import moments
from caseward.web.views.wellbeing import words
from caseward.wellbeing import caps
from caseward.wellbeing.models import CapsVersion
from caseward.wellbeing.setting_caps import Scope, may_set, version_of

KEPT = 100


def asked_scope(asked: QueryDict) -> Scope:
    """Return the scope an address names by keys.

    Raises:
        Http404: there is no such role, line of business or vendor.
    """
    role, lob, vendor = (asked.get(part, "") for part in ("role", "lob", "vendor"))
    lobs = {row.key: row for row in org.lines_of_business().values()}
    vendors = {row.key: row for row in org.vendors().values()}
    if (
        role not in {"", *StaffMember.Role}
        or lob not in {"", *lobs}
        or vendor not in {"", *vendors}
    ):
        raise Http404
    return Scope(role, lobs.get(lob), vendors.get(vendor))


def scope_name(scope: Scope) -> str:
    """Say whom a scope fits."""
    role = StaffMember.Role(scope.role).label if scope.role else ""
    parts = (role, named(scope.lob) if scope.lob else "", scope.vendor and scope.vendor.name)
    return " · ".join(str(part) for part in parts if part) or _("Everybody")


def shown(reader: StaffMember, now: datetime) -> dict[str, Any]:
    """Return the rules in force with what each says, and every version there was."""
    history = list(CapsVersion.objects.select_related("set_by").order_by("-set_at", "-pk")[:KEPT])
    writers = {row.pk: row.set_by.name for row in history if row.set_by}
    in_force = caps.in_force()
    return {
        "rules": [_rule(row, writers, reader, now) for row in in_force],
        "builtin": [] if in_force else terms(Caps()),
        "history": [_version(row, writers, now) for row in history],
        "may_set": may_set_any(reader),
        "scopes": _choices(reader),
    }


def may_set_any(reader: StaffMember) -> bool:
    return any(may_set(reader, lob_id) for lob_id in (None, *org.lines_of_business()))


def _choices(reader: StaffMember) -> dict[str, list[tuple[str, str]]]:
    """Return what a new rule can be for; a line's lead chooses among lines of their own."""
    lobs = [
        (row.key, named(row)) for pk, row in org.lines_of_business().items() if may_set(reader, pk)
    ]
    every = (("", _("Every line of business")),) if may_set(reader, None) else ()
    return {
        "role": [("", _("Every role")), *((code, str(name)) for code, name in _roles())],
        "lob": [*every, *lobs],
        "vendor": [("", _("Every employer"))]
        + [(row.key, row.name) for row in org.vendors().values()],
    }


def _roles() -> list[tuple[str, str]]:
    return [(code, str(label)) for code, label in StaffMember.Role.choices]


def scope_of(row: CapsVersion) -> Scope:
    return Scope(
        row.role,
        org.lines_of_business().get(row.lob_id or 0),
        org.vendors().get(row.vendor_id or 0),
    )


def address_of(scope: Scope) -> str:
    """Return where a scope's rule is changed."""
    parts = {
        "role": scope.role,
        "lob": scope.lob.key if scope.lob else "",
        "vendor": scope.vendor.key if scope.vendor else "",
    }
    return f"{reverse('caps-set')}?{urlencode(parts)}"


def terms(rule: Caps) -> list[dict[str, str]]:
    """Return each cap by name, how much it allows, and where it differs from what is built in."""
    stricter, loose = looser(rule, Caps()), looser(Caps(), rule)
    notes = {**dict.fromkeys(stricter, _("stricter")), **dict.fromkeys(loose, _("looser"))}
    return [
        {
            "term": words.cap_name(field.name),
            "value": words.cap_value(field.name, rule),
            "note": notes.get(field.name, ""),
        }
        for field in fields(Caps)
    ]


def _rule(
    row: CapsVersion, writers: dict[int, str], reader: StaffMember, now: datetime
) -> dict[str, Any]:
    return {
        **_version(row, writers, now),
        "terms": terms(caps.read(row.caps)),
        "url": address_of(scope_of(row)) if may_set(reader, row.lob_id) else "",
    }


def _version(row: CapsVersion, writers: dict[int, str], now: datetime) -> dict[str, Any]:
    scope = scope_of(row)
    return {
        "name": scope_name(scope),
        "version": row.version,
        "why": row.why,
        "by": writers.get(row.pk, _("the files of the operation")),
        "at": moments.moment(row.set_at, now=now),
        "holds": row.version == version_of(scope) and bool(row.caps),
        "text": _told(row),
    }


def _told(row: CapsVersion) -> str:
    """Say what a version changed from the built-in caps, in one line."""
    if not row.caps:
        return _("No rule of its own any more")
    own = [one for one in terms(caps.read(row.caps)) if one["note"]]
    return "; ".join(f"{one['term']}: {one['value']}" for one in own) or _("As built in")
