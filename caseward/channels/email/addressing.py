"""Addresses and message ids that prove they came from us, so replies find their case.

A reply is matched by its signed address first and by the signed ids it refers to second. Without
the signature anybody who learns a reference could write into somebody else's case.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from dataclasses import dataclass

SIGNATURE_BYTES = 10  # 80 bits: 16 characters of base32
REFERENCE = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]{0,40}$")
SIGNED_LOCAL = re.compile(
    r"^(?P<mailbox>.+)\+(?P<reference>[a-z0-9-]{1,41})\.(?P<signature>[a-z2-7]{16})$"
)
SIGNED_ID = re.compile(
    r"^<?(?P<reference>[a-z0-9-]{1,41})\.(?P<outgoing>[a-z0-9-]{1,40})\.(?P<signature>[a-z2-7]{16})"
    r"@(?P<domain>[a-z0-9.-]{1,255})>?$"
)


@dataclass(frozen=True, slots=True)
class Origin:
    """Which case, and which outgoing mail of it, a signed message id was made for."""

    reference: str
    outgoing: str


def reply_address(*, mailbox: str, reference: str, key: bytes) -> str:
    """Return the address replies to a case go to: support+cw-7f3k-9qx.SIGNATURE@domain.

    Raises:
        ValueError: the mailbox is no address or the reference cannot stand in one.
    """
    local, at, domain = mailbox.partition("@")
    if not (local and at and domain):
        raise ValueError(f"mailbox must be an address such as help@example.org, got {mailbox!r}")
    name = _plain(reference)
    return f"{local}+{name}.{_sign(key, 'reply', name)}@{domain.lower()}"


def reference_in(address: str, *, key: bytes) -> str | None:
    """Return the case reference in a signed reply address, in capitals, or None.

    None also for an address that was tampered with or signed with another key. Letters are
    compared without case, since some servers change it on the way.
    """
    match = SIGNED_LOCAL.match(address.strip("<> ").partition("@")[0].lower())
    if not match or not _is_signed(key, "reply", match["reference"], match["signature"]):
        return None
    return match["reference"].upper()


def mailbox_of(address: str) -> str:
    """Return the mailbox an address belongs to: without what follows a plus, in lower case."""
    local, at, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0]}{at}{domain}" if at else address.lower()


def message_id(*, reference: str, outgoing: str, domain: str, key: bytes) -> str:
    """Return a Message-ID, in angle brackets, that carries the case and the outgoing mail's id.

    Raises:
        ValueError: reference or outgoing id cannot stand in a message id.
    """
    name, number = _plain(reference), _plain(outgoing)
    signature = _sign(key, "message", f"{name}.{number}")
    return f"<{name}.{number}.{signature}@{domain.lower()}>"


def origin_of(found_id: str, *, key: bytes) -> Origin | None:
    """Return what a signed message id was made for, or None when it is not ours or was altered."""
    match = SIGNED_ID.match(found_id.strip().lower())
    if not match:
        return None
    signed = f"{match['reference']}.{match['outgoing']}"
    if not _is_signed(key, "message", signed, match["signature"]):
        return None
    return Origin(match["reference"].upper(), match["outgoing"])


def _plain(value: str) -> str:
    if not REFERENCE.match(value):
        raise ValueError(f"must be letters, digits and hyphens, at most 41, got {value!r}")
    return value.lower()


def _sign(key: bytes, purpose: str, value: str) -> str:
    if len(key) < 16:
        raise ValueError(f"the signing key must have at least 16 bytes, got {len(key)}")
    digest = hmac.new(key, f"caseward mail {purpose}\n{value}".encode(), hashlib.sha256).digest()
    return base64.b32encode(digest[:SIGNATURE_BYTES]).decode("ascii").lower()


def _is_signed(key: bytes, purpose: str, value: str, signature: str) -> bool:
    return hmac.compare_digest(_sign(key, purpose, value), signature)
