"""Take a message apart into its MIME parts: the fast parser first, the patient one after it."""

from __future__ import annotations

import email.parser
import email.policy
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from caseward.channels.email import uuencoding
from caseward.channels.email.charsets import guess
from caseward.channels.email.headers import charset_of, lenient_base64, readable
from caseward.channels.email.mail import Limits, TooMuch, Unparsable

if TYPE_CHECKING:
    from collections.abc import Callable
    from email.message import Message

try:
    import fast_mail_parser
except ImportError:  # no wheel for this machine: the patient parser does all the work
    fast_mail_parser = None  # type: ignore[assignment]

NESTED_MESSAGE = re.compile(
    rb"^content-type:[ \t\r\n]*message/(?:rfc822|global)\b", re.IGNORECASE | re.MULTILINE
)
KIND = re.compile(r"[\w.+-]{1,100}/[\w.+-]{1,100}")
NOT_BASE64 = re.compile(rb"[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")
MULTIPART = re.compile(rb"^content-type:[ \t]*multipart/", re.IGNORECASE | re.MULTILINE)
UUENCODED = re.compile(r"x-?uu|uuencode", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """One node of the MIME tree; `read` decodes its bytes when somebody wants them."""

    kind: str
    parameters: str
    name: str
    disposition: str
    content_id: str
    size: int
    read: Callable[[], bytes]
    children: tuple[Part, ...] = ()

    @property
    def charset(self) -> str:
        """The declared charset, or ""."""
        return charset_of(self.parameters)


def fast_tree(raw: bytes, limits: Limits) -> Part:
    """Parse with the native parser.

    Raises:
        Unparsable: it gives up on this message (or is not installed); try `patient_tree`.
        TooMuch: the message breaks a limit; do not try anything else.
    """
    if fast_mail_parser is None:
        raise Unparsable("The native parser is not installed.")
    _refuse_onions(raw, limits)
    try:
        node = fast_mail_parser.parse_email_tree(raw, mode="lazy")
    except fast_mail_parser.ParseError as error:
        raise Unparsable(str(error)) from error
    return _Budget(limits).take(_from_fast, node)


def patient_tree(raw: bytes, limits: Limits) -> Part:
    """Parse with the standard library, which accepts nearly anything, slowly.

    Raises:
        Unparsable: even it cannot.
        TooMuch: the message breaks a limit.
    """
    _refuse_onions(raw, limits)
    _refuse_toil(raw, limits)
    parser = email.parser.BytesParser(policy=email.policy.compat32)
    try:
        return _Budget(limits).take(_from_stdlib, parser.parsebytes(raw))
    except TooMuch:
        raise
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise Unparsable(f"The message cannot be taken apart: {error}.") from error


def _refuse_onions(raw: bytes, limits: Limits) -> None:
    """Refuse what costs the parser the square of its size.

    A message within a message is copied once for each level around it, and encoded words in a
    header are gone over again for each one found.
    """
    nested = len(NESTED_MESSAGE.findall(raw))
    if nested > limits.forwarded * 4 or nested * len(raw) > limits.copied_bytes:
        raise TooMuch("The message has too many messages inside each other.")
    if raw.count(b"=?") > limits.encoded_words:
        raise TooMuch(f"The message has more than {limits.encoded_words} encoded words.")


def _refuse_toil(raw: bytes, limits: Limits) -> None:
    """The patient parser looks at each line once for every multipart it may be inside."""
    if raw.count(b"\n") * (1 + len(MULTIPART.findall(raw))) > limits.line_visits:
        raise TooMuch("The message is damaged and too large and nested to be repaired.")


class _Budget:
    """Counts parts and depth while a foreign tree is turned into ours."""

    def __init__(self, limits: Limits) -> None:
        self.limits, self.parts = limits, 0

    def take(self, turn: Callable[..., Part], node: Any, depth: int = 0) -> Part:
        self.parts += 1
        if self.parts > self.limits.parts:
            raise TooMuch(f"The message has more than {self.limits.parts} parts.")
        if depth > self.limits.depth:
            raise TooMuch(f"The message is nested more than {self.limits.depth} levels deep.")
        return turn(node, lambda child: self.take(turn, child, depth + 1))


def _from_fast(node: Any, turn: Callable[[Any], Part]) -> Part:
    headers = node.headers
    encoding = next(iter(_values(headers, "Content-Transfer-Encoding")), "")
    kind = _kind(node.content_type)
    if kind.startswith("multipart/") and not node.children:
        raise Unparsable("A multipart has no parts; its text is still to be found.")
    return Part(
        kind=kind,
        parameters=next(iter(_values(headers, "Content-Type")), ""),
        name=_repaired_name(node.filename),
        disposition=(node.disposition or "").strip().lower(),
        content_id=node.content_id or "",
        size=node.encoded_size or 0,
        read=lambda: _fast_content(node, encoding),
        children=() if node.is_message else tuple(turn(child) for child in node.children),
    )


def _kind(declared: str) -> str:
    """Return the media type alone; some senders forget the semicolon after it."""
    found = KIND.match(declared.strip().lower())
    return found[0] if found else "text/plain"


def _values(headers: dict[str, list[str]], name: str) -> list[str]:
    if name in headers:
        return headers[name]
    name = name.lower()
    return next((values for key, values in headers.items() if key.lower() == name), [])


def _fast_content(node: Any, encoding: str) -> bytes:
    try:
        content: bytes = node.content or b""
    except fast_mail_parser.ParseError as error:
        raise Unparsable(str(error)) from error
    return uuencoding.decode(content) if UUENCODED.search(encoding) else content


def _from_stdlib(node: Message, turn: Callable[[Any], Part]) -> Part:
    kind = _kind(node.get_content_type())
    multipart = node.is_multipart() and kind.startswith("multipart/")
    children = node.get_payload() if multipart else []
    return Part(
        kind=kind,
        parameters=str(node.get("Content-Type", "")),
        name=_stdlib_name(node),
        disposition=str(node.get("Content-Disposition", "")).partition(";")[0].strip().lower(),
        content_id=str(node.get("Content-ID", "")).strip(" <>"),
        size=0 if multipart else _encoded_size(node),
        read=lambda: _stdlib_content(node),
        children=tuple(turn(child) for child in children if not isinstance(child, str)),
    )


def _encoded_size(node: Message) -> int:
    payload = node.get_payload()
    return len(payload) if isinstance(payload, str) else 0


def _stdlib_name(node: Message) -> str:
    try:
        return _repaired_name(readable(node.get_filename() or ""))
    except (LookupError, ValueError, TypeError):
        return ""


def _stdlib_content(node: Message) -> bytes:
    try:
        return _decoded(node)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        raise Unparsable(f"A part cannot be decoded: {error}.") from error


def _decoded(node: Message) -> bytes:
    if node.is_multipart():
        inner = node.get_payload(0)
        return inner.encode() if isinstance(inner, str) else inner.as_bytes()
    encoding = str(node.get("Content-Transfer-Encoding", "")).strip().lower()
    payload = node.get_payload()
    data = payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""
    if encoding == "base64":
        return data if NOT_BASE64.search(data[:2_000]) else lenient_base64(data)
    if UUENCODED.search(encoding):
        return uuencoding.decode(data)
    decoded = node.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else data


def _repaired_name(name: str) -> str:
    """Undo a file name whose raw bytes were read as Latin-1, and flatten it."""
    if "=?" in name:
        name = readable(name)
    if any("\x80" <= c <= "\xff" for c in name) and max(name) <= "\xff":
        name = guess(name.encode("latin-1"))
    name = name.encode("utf-8", "replace").decode("utf-8").replace("\\", "/").rpartition("/")[2]
    return readable(name)[:255]
