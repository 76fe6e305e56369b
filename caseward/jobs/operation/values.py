"""Single values as they may be written in an operation's files.

Each function takes a YAML node and gives the value, or raises `Unexpected` saying what it
expected. A value that YAML would turn into something else (`no`, `10:30`) is never guessed at.
"""

import re
from datetime import date, timedelta
from itertools import pairwise
from unicodedata import category
from zoneinfo import available_timezones

from yaml.nodes import Node, ScalarNode

from caseward.jobs.operation.parts import Hours, Span
from caseward.jobs.operation.problems import did_you_mean

_TEXT = "tag:yaml.org,2002:str"
_TRUTHS = {"true": True, "false": False}
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DOMAIN = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_LOCAL_PART = re.compile(r"[a-z0-9]+([._+-][a-z0-9]+)*")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_DURATION = re.compile(r"(?:(\d{1,3})d)?(?:(\d{1,4})h)?(?:(\d{1,5})m)?")
_ISO_DURATION = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,5})M)?)?")
_SPAN = re.compile(r"(\d\d):([0-5]\d)-(\d\d):([0-5]\d)")
_DAY = timedelta(days=1)
NO_TIME = timedelta(0)


class Unexpected(Exception):
    """The value is of another kind than its name asks for."""

    def __init__(self, expected: str, hint: str = "") -> None:
        self.expected, self.hint = expected, hint
        super().__init__(expected)


def _written(node: Node, expected: str) -> str:
    if not isinstance(node, ScalarNode):
        raise Unexpected(expected)
    return str(node.value)


def text(node: Node) -> str:
    expected = "a text (put it in quotes)"
    value = _written(node, expected)
    if node.tag != _TEXT:
        raise Unexpected(expected)
    if not value.strip():
        raise Unexpected("a text that is not empty")
    if any(category(letter) in {"Cc", "Cs"} for letter in value if letter != "\n"):
        raise Unexpected("a text without control characters")
    return value.strip()


def truth(node: Node) -> bool:
    value = _TRUTHS.get(_written(node, "true or false"))
    if value is None:
        raise Unexpected("true or false")
    return value


def key(node: Node) -> str:
    expected = 'a key of small letters, digits and hyphens, such as "hacked-account"'
    value = _written(node, expected)
    if not _KEY.fullmatch(value) or len(value) > 60:
        raise Unexpected(expected)
    return value


def whole_number(node: Node, *, lowest: int, highest: int) -> int:
    expected = f"a whole number from {lowest} to {highest}"
    value = _written(node, expected)
    if not re.fullmatch(r"[0-9]{1,9}", value) or not lowest <= int(value) <= highest:
        raise Unexpected(expected)
    return int(value)


def priority(node: Node) -> int:
    return whole_number(node, lowest=1, highest=4)


def severity(node: Node) -> int:
    return whole_number(node, lowest=0, highest=4)


def tier(node: Node) -> int:
    return whole_number(node, lowest=1, highest=2)


def share(node: Node) -> float:
    expected = "a share above 0 and up to 1, such as 0.6"
    value = _written(node, expected)
    if not re.fullmatch(r"0\.[0-9]{1,6}|1(\.0{1,6})?", value) or not float(value):
        raise Unexpected(expected)
    return float(value)


def amount(node: Node) -> float:
    expected = "a number above 0, such as 1 or 0.5"
    value = _written(node, expected)
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", value) or not float(value):
        raise Unexpected(expected)
    return float(value)


def number(node: Node) -> float:
    """Return a number of 0 or more; a whole one as a whole number."""
    written = _written(node, "a number of 0 or more, such as 15 or 0.25")
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,3})?", written):
        raise Unexpected("a number of 0 or more, such as 15 or 0.25")
    value = float(written)
    return int(value) if value.is_integer() else value


def count(node: Node) -> int:
    return whole_number(node, lowest=0, highest=1_000_000)


def days(node: Node) -> int:
    return whole_number(node, lowest=1, highest=3650)


def country(node: Node) -> str:
    expected = 'a country code of two capital letters, such as "IN"'
    value = text(node)
    if not re.fullmatch(r"[A-Z]{2}", value):
        raise Unexpected(expected)
    return value


def market(node: Node) -> str:
    expected = 'a country or a part of one, such as "MY" or "MY-KUL"'
    value = text(node)
    if not re.fullmatch(r"[A-Z]{2}(-[A-Z0-9]{1,3})?", value):
        raise Unexpected(expected)
    return value


def domain(node: Node) -> str:
    expected = 'a mail domain in small letters, such as "caseward.example"'
    value = _written(node, expected)
    if not _DOMAIN.fullmatch(value) or len(value) > 253:
        raise Unexpected(expected)
    return value


def email(node: Node) -> str:
    expected = 'an e-mail address in small letters, such as "help@caseward.example"'
    value = _written(node, expected)
    local, _, rest = value.partition("@")
    if not (_LOCAL_PART.fullmatch(local) and _DOMAIN.fullmatch(rest)) or len(value) > 254:
        raise Unexpected(expected)
    return value


def language(node: Node) -> str:
    expected = 'a language code, such as "en" or "hi"'
    value = _written(node, expected)
    if not _LANGUAGE.fullmatch(value):
        raise Unexpected(expected)
    return value


def timezone(node: Node) -> str:
    expected = 'a time zone, such as "Asia/Kolkata"'
    value = _written(node, expected)
    if value not in available_timezones():
        raise Unexpected(expected, did_you_mean(value, available_timezones()))
    return value


def day(node: Node) -> date:
    expected = "a date written year-month-day, such as 2026-12-24"
    value = _written(node, expected)
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise Unexpected(expected)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Unexpected(f"{expected}, that exists") from None


def duration(node: Node) -> timedelta:
    expected = 'a duration, such as "30m", "4h", "1h30m", "7d" or "PT4H"'
    value = _written(node, expected)
    match = _DURATION.fullmatch(value) or _ISO_DURATION.fullmatch(value)
    if match is None:
        raise Unexpected(expected)
    days, hours, minutes = (int(part or 0) for part in match.groups())
    length = timedelta(days=days, hours=hours, minutes=minutes)
    if not NO_TIME < length <= timedelta(days=366):
        raise Unexpected("a duration above zero and up to 366 days")
    return length


def span(node: Node) -> Span:
    expected = 'opening hours, such as "09:00-18:00"'
    match = _SPAN.fullmatch(_written(node, expected))
    if match is None:
        raise Unexpected(expected)
    first, past, last, after = (int(part) for part in match.groups())
    opens, closes = timedelta(hours=first, minutes=past), timedelta(hours=last, minutes=after)
    if closes > _DAY:
        raise Unexpected("hours up to 24:00; write what is after midnight on the next day")
    if closes <= opens:
        raise Unexpected(
            "an end after the start; write a night as two spans, up to 24:00 and from 00:00"
        )
    return Span(opens, closes)


def overlap(hours: Hours) -> bool:
    """Return whether any two spans share a moment."""
    in_order = sorted(hours)
    return any(later.opens < earlier.closes for earlier, later in pairwise(in_order))
