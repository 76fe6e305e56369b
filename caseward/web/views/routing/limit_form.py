"""How much people hold, what is held back and what counts how much, as fields of the form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import Any

from django.http import QueryDict
from django.utils.formats import localize_input, sanitize_separators
from django.utils.translation import gettext as _

from caseward.casework.models import Case
from caseward.core.matching import USUAL, Weights
from caseward.core.matching.weights import CODES, MOST
from caseward.routing.rules.content import Room, Rules
from caseward.web.views.routing import limits, words

MOST_UNITS = 1000.0
MOST_HELD = 24 * 60
ALL = "ALL"  # in names of fields: every channel together


@dataclass
class Typed:
    """What was sent, and what of it could not be read: sentences by the section they belong to."""

    posted: QueryDict
    errors: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """Return what was typed into a field; None where it was not sent."""
        found = self.posted.get(name)
        return None if found is None else str(found).strip()

    def number(self, name: str, present: float, most: float, section: str, told: str) -> float:
        """Return a number from 0 to `most`; what is wrong is told, and what was there stays."""
        text = self.text(name)
        if text is None:
            return present
        try:
            value = float(str(sanitize_separators(text)))
        except ValueError:
            value = -1.0
        if isfinite(value) and 0 <= value <= most:
            return value
        self.errors.append((section, told))
        return present


def read_rooms(typed: Typed, present: Mapping[str, Room]) -> dict[str, Room]:
    """Return how much of each channel fits; a channel without a number has no limit of its own."""
    found = {}
    for channel in ("", *Case.Channel.values):
        room = _room(typed, channel, present.get(channel))
        if room is not None:
            found[channel] = room
    return found


def _room(typed: Typed, channel: str, present: Room | None) -> Room | None:
    field_name = f"most {channel or ALL}"
    most = typed.text(field_name)
    if most is None:
        return present
    if not most:
        return None
    told = _("%(channel)s: write numbers above 0 and up to 1000, such as 2 or 0.5.") % {
        "channel": limits.channel(channel)
    }
    at_most = typed.number(field_name, 0.0, MOST_UNITS, "rooms", told)
    units = 1.0
    if typed.text(f"units {channel}"):
        units = typed.number(f"units {channel}", 0.0, MOST_UNITS, "rooms", told)
    if not (at_most and units):
        if ("rooms", told) not in typed.errors:
            typed.errors.append(("rooms", told))
        return present
    return Room(units, at_most)


def read_hold_back(
    typed: Typed, present: Mapping[int, int], queues: Mapping[int, Any]
) -> dict[int, int]:
    """Return for how many minutes before a shift each queue holds back; 0 or nothing: it does not.

    Queues that cannot be chosen stay as they are.
    """
    found = {}
    for queue_id in present.keys() | queues.keys():
        minutes = _minutes(typed, queue_id, present.get(queue_id, 0))
        if minutes:
            found[queue_id] = minutes
    return found


def _minutes(typed: Typed, queue_id: int, present: int) -> int:
    name = f"hold {queue_id}"
    if typed.text(name) == "":
        return 0
    told = _("%(queue)s: hold back for whole minutes, up to 1440 (a day).") % {
        "queue": words.queue_name(queue_id)
    }
    value = typed.number(name, present, MOST_HELD, f"queue {queue_id}", told)
    if not float(value).is_integer():
        typed.errors.append((f"queue {queue_id}", told))
    return int(value)


def read_weights(typed: Typed, present: Weights) -> Weights:
    told = _("%(part)s: write the minutes it is worth, from 0 (it does not count) to 1440 (a day).")
    values = {
        code: typed.number(
            f"weight {code}", worth, MOST, "weights", told % {"part": limits.PARTS[code].label}
        )
        for code, worth in asdict(present).items()
    }
    return Weights(**values)


def room_rows(rules: Rules, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return a row for each channel, as typed or as it is."""
    return [
        {
            "key": channel or ALL,
            "has_units": bool(channel),
            "label": limits.channel(channel),
            "units": _shown(typed, f"units {channel}", room.units if room else None),
            "most": _shown(typed, f"most {channel or ALL}", room.at_most if room else None),
        }
        for channel in ("", *Case.Channel.values)
        for room in [rules.rooms.get(channel)]
    ]


def weight_rows(rules: Rules, typed: Mapping[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "code": code,
            "label": limits.PARTS[code].label,
            "does": limits.PARTS[code].does,
            "value": _shown(typed, f"weight {code}", getattr(rules.weights, code)),
            "usual": limits.worth(code, getattr(USUAL, code)),
        }
        for code in CODES
    ]


def minutes_shown(rules: Rules, typed: Mapping[str, str], queue_id: int) -> str:
    return _shown(typed, f"hold {queue_id}", rules.hold_back.get(queue_id))


def _shown(typed: Mapping[str, str], name: str, value: float | None) -> str:
    if name in typed:
        return typed[name]
    if value is None:
        return ""
    return str(localize_input(int(value) if float(value).is_integer() else value))
