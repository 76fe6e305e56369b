"""The form with all rules: what was typed, read into rules, and which parts of it to show open."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from caseward.org.models import Skill
from caseward.routing import queries as routing
from caseward.routing.rules.content import Need, Rules, differences
from caseward.web.views.routing import limit_form, overflow_form
from caseward.web.views.routing.limit_form import Typed
from caseward.web.views.routing.overflow_form import OverflowForm
from caseward.web.views.routing.words import Names


@dataclass
class Given:
    """What somebody typed, and what of it could not be read; `open` are sections to unfold."""

    rules: Rules
    rows: list[OverflowForm]
    note: str = ""
    errors: list[str] = field(default_factory=list)
    typed: Mapping[str, str] = field(default_factory=dict)
    open: frozenset[str] = frozenset()


def untouched(present: Rules) -> Given:
    return Given(present, overflow_form.shown(present.overflow))


def read(posted: QueryDict, present: Rules, called: Names) -> Given:
    """Read a form; what could not be read keeps its rule and is told."""
    typed = Typed(posted)
    note = typed.text("note") or ""
    if not note:
        told = _("Say why the rules should change; whoever looks later will ask.")
        typed.errors.append(("note", told))
    rows = overflow_form.posted(posted)
    rules = _rules(typed, rows, present, called)
    return Given(
        rules,
        rows,
        note,
        [told for _section, told in typed.errors],
        {name: str(text) for name, text in posted.items()},
        _sections(present, rules) | {section for section, _told in typed.errors},
    )


def _rules(typed: Typed, rows: list[OverflowForm], present: Rules, called: Names) -> Rules:
    queues = routing.queues()
    overflow, wrong = overflow_form.read(rows)
    told = _("Overflow rule %(name)s: look at its fields; a name is used once.")
    typed.errors += [("overflow", told % {"name": name}) for name in wrong]
    return Rules(
        shares={pair: _share(typed, pair, now, called) for pair, now in present.shares.items()},
        needs={pair: _need(typed, pair, need) for pair, need in present.needs.items()},
        pushing=frozenset(pk for pk in queues if typed.text(f"push {pk}") == "on"),
        overflow=overflow if rows else present.overflow,
        rooms=limit_form.read_rooms(typed, present.rooms),
        hold_back=limit_form.read_hold_back(typed, present.hold_back, queues),
        weights=limit_form.read_weights(typed, present.weights),
    )


def _share(typed: Typed, pair: tuple[str, str], present: float, called: Names) -> float:
    """Read a percentage; one that is left out stays as it is."""
    line, vendor = pair
    told = _("%(vendor)s in %(line)s: write a percentage above 0 and up to 100, such as 60.") % {
        "vendor": called.vendor(vendor), "line": called.line(line),
    }  # fmt: skip
    percentage = typed.number(f"share {line} {vendor}", 100 * present, 100.0, line, told)
    if not percentage:
        typed.errors.append((line, told))
        return present
    return round(percentage / 100, 6)


def _need(typed: Typed, pair: tuple[str, str], present: Need) -> Need:
    key = " ".join(pair)
    certification = typed.text(f"certification {key}")
    level = typed.text(f"level {key}") or ""
    known = {str(value) for value in Skill.Level.values}
    return Need(
        present.certification if certification is None else certification[:50],
        int(level) if level in known else present.language_level,
    )


def _sections(present: Rules, wanted: Rules) -> frozenset[str]:
    """Return the sections that something changes in."""
    names = {"overflow": "overflow", "room": "rooms", "weight": "weights"}
    found = set()
    for one in differences(present, wanted):
        if one.about in {"mode", "hold_back"}:
            found.add(f"queue {one.key[0]}")
        else:
            found.add(names.get(one.about, one.key[0]))
    return frozenset(found)
