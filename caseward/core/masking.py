"""Masking: hide contact details and secrets in a text from people who may not see them.

What is hidden: e-mail addresses, phone numbers (India, Malaysia, North America, China, anything
with a plus or named as a phone), card numbers that pass their checksum, identity numbers of India
and Malaysia, passwords or codes that are named as such, and the signed part of links of ours. What
stays: case references, order
numbers, dates, times and amounts. Digits count in every script.

A number without context can be a phone or an order: ten bare digits that could be an Indian mobile
are hidden unless a word such as "order" stands before them, as a leak costs more than a question.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from caseward.core.detail_patterns import (
    ADDRESS,
    ADDRESS_IN_ANY_SCRIPT,
    NUMBER,
    OWN_LINK,
    PAYMENT_NAME,
    PLAIN,
    SECRET,
)

HIDDEN = "•••"
FEWEST_DIGITS = 4  # of an Indian tax number, the fewest in anything hidden by `NUMBER`
FEWEST_OF_A_PHONE = 7


class Kind(StrEnum):
    """What was found and hidden."""

    EMAIL = "EMAIL"
    PHONE = "PHONE"
    CARD = "CARD"
    IDENTITY = "IDENTITY"
    SECRET = "SECRET"  # noqa: S105 - the name of a kind, no secret
    LINK = "LINK"


class Masked(NamedTuple):
    """A text fit to be shown, and which kinds of details were hidden in it."""

    text: str
    kinds: frozenset[Kind]


_DIGITS = re.compile("[0-9]+")
_ADDRESS_SPELT_OUT = re.compile(r"\s?[\[(](at|dot)[\])]\s?", re.IGNORECASE)
_KIND_OF_GROUP = {
    "aadhaar": Kind.IDENTITY,
    "identity": Kind.IDENTITY,
    "card": Kind.CARD,
    "named": Kind.PHONE,
    "phone": Kind.PHONE,
}


def mask(text: str) -> Masked:
    """Return the text with details hidden; masking it again changes nothing."""
    kinds: set[Kind] = set()
    text, secrets = SECRET.subn(rf"\1{HIDDEN}", text)
    if secrets:
        kinds.add(Kind.SECRET)
    text, links = OWN_LINK.subn(rf"\1{HIDDEN}", text)
    if links:
        kinds.add(Kind.LINK)
    text = _mask_addresses(text, kinds)
    return Masked(_mask_numbers(text, kinds), frozenset(kinds))


def mask_email(address: str) -> str:
    """Return an address one can recognise but not write to: `a•••@e•••.com`."""
    local, _, domain = address.strip().rpartition("@")
    if not local or not domain:
        return HIDDEN
    name, _, ending = domain.rpartition(".")
    shown_ending = f".{ending}" if name else ""
    return f"{local[0]}{HIDDEN}@{(name or ending or domain)[0]}{HIDDEN}{shown_ending}"


def mask_phone(number: str) -> str:
    """Return a number one can recognise but not dial: its last two digits, as `••• ••• 10`."""
    digits = _digits(number.translate(PLAIN))
    return f"{HIDDEN} {HIDDEN} {digits[-2:]}" if len(digits) >= FEWEST_OF_A_PHONE else HIDDEN


def passes_luhn(digits: str) -> bool:
    """Say whether the last digit fits the others, as on payment cards.

    Source:
        ISO/IEC 7812-1, annex B. Worked value: 79927398713 passes, with any other last digit not.
    """
    odd, even = digits[-1::-2], digits[-2::-2]
    return (sum(map(int, odd)) + sum(sum(divmod(2 * int(digit), 10)) for digit in even)) % 10 == 0


def _mask_addresses(text: str, kinds: set[Kind]) -> str:
    def hidden(match: re.Match[str]) -> str:
        kinds.add(Kind.EMAIL)
        return mask_email(_ADDRESS_SPELT_OUT.sub(_as_sign, match.group()))

    if "@" in text or "at]" in text.lower() or "at)" in text.lower():
        text = ADDRESS.sub(hidden, text)
    if "@" in text:
        text = PAYMENT_NAME.sub(hidden, ADDRESS_IN_ANY_SCRIPT.sub(hidden, text))
    return text


def _as_sign(match: re.Match[str]) -> str:
    return "@" if match[1].lower() == "at" else "."


def _mask_numbers(text: str, kinds: set[Kind]) -> str:
    plain = text.translate(PLAIN)
    if len(_digits(plain)) < FEWEST_DIGITS:
        return text
    pieces, copied_to = [], 0
    for match in NUMBER.finditer(plain):
        group = next(name for name in match.groupdict() if match[name])
        if group == "kept" or (group == "card" and not passes_luhn(_digits(match["card"]))):
            continue
        kinds.add(_KIND_OF_GROUP[group])
        pieces += [text[copied_to : match.start(group)], _hidden(group, match[group])]
        copied_to = match.end(group)
    return "".join((*pieces, text[copied_to:]))


def _hidden(group: str, found: str) -> str:
    if group == "card":
        return f"{HIDDEN} {_digits(found)[-4:]}"
    return mask_phone(found) if _KIND_OF_GROUP[group] is Kind.PHONE else HIDDEN


def _digits(plain: str) -> str:
    return "".join(_DIGITS.findall(plain))
