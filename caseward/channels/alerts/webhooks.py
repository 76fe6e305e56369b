"""Calling a webhook: signed, without redirects, and never an address inside our own network.

The address is looked up once, judged, and then connected to as it was judged: a name that means
something else a moment later leads nowhere.
"""

import hashlib
import hmac
import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

import orjson

PATIENCE_SECONDS = 10.0
SIGNATURE, TIMESTAMP = "X-Caseward-Signature", "X-Caseward-Timestamp"
PORTS = {"http": 80, "https": 443}
FOR_GOOD = range(400, 500)  # but not these, which ask to come again
COME_AGAIN = {408, 425, 429}


class WebhookRefused(Exception):
    """It will never be called, or said no for good; the message says why."""


class WebhookBusy(Exception):
    """It could not be reached, or asks to come again; the message says why."""


def call(
    url: str, payload: Mapping[str, Any], *, secret: bytes, at: int, may_be_private: bool = False
) -> None:
    """Send a payload as JSON and return once it was taken.

    Args:
        secret: Signs `<at>.<body>` with HMAC-SHA256, as hexadecimal digits in a header.
        at: The UTC second of the call, for the receiver to refuse old ones.
        may_be_private: Allow addresses of this machine and its network.
    Raises:
        WebhookRefused, WebhookBusy: see there.
    """
    parts = _read(url)
    body = orjson.dumps(payload)
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Caseward",
        TIMESTAMP: str(at),
        SIGNATURE: sign(body, secret=secret, at=at),
    }
    try:
        address = _address_of(parts, may_be_private)
        status = _post(parts, address, body, headers)
    except (OSError, http.client.HTTPException) as problem:
        raise WebhookBusy(f"{type(problem).__name__}: {problem}") from problem
    _judge(status)


def sign(body: bytes, *, secret: bytes, at: int) -> str:
    """Return what a receiver works out too, to know that a call is ours."""
    return hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()


def _read(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_one = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_one = False
    if not is_one or parts.username or parts.password:
        raise WebhookRefused(
            "The webhook is no address such as https://pager.example.org/caseward."
        )
    return parts


def _address_of(parts: SplitResult, may_be_private: bool) -> str:
    port = parts.port or PORTS[parts.scheme]
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    addresses = [str(each[4][0]) for each in found]
    if not may_be_private and not all(_is_public(address) for address in addresses):
        raise WebhookRefused(
            "The webhook is inside our own network. CASEWARD_WEBHOOK_PRIVATE=1 allows that."
        )
    return addresses[0]


def _is_public(address: str) -> bool:
    known = ipaddress.ip_address(address.partition("%")[0])
    inner = getattr(known, "ipv4_mapped", None) or known
    return bool(inner.is_global and not inner.is_multicast)


def _post(parts: SplitResult, address: str, body: bytes, headers: Mapping[str, str]) -> int:
    port = parts.port or PORTS[parts.scheme]
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection = http.client.HTTPConnection(parts.hostname or "", port, timeout=PATIENCE_SECONDS)
    plain = socket.create_connection((address, port), timeout=PATIENCE_SECONDS)
    try:
        connection.sock = _secured(plain, parts) if parts.scheme == "https" else plain
        connection.request("POST", path, body, dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()
        plain.close()


def _secured(plain: socket.socket, parts: SplitResult) -> ssl.SSLSocket:
    return ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)


def _judge(status: int) -> None:
    if 200 <= status < 300:
        return
    said = f"The webhook answered {status}."
    if 300 <= status < 400 or (status in FOR_GOOD and status not in COME_AGAIN):
        raise WebhookRefused(said)
    raise WebhookBusy(said)
