"""The SMTP dialogue (RFC 5321) and its local sibling LMTP (RFC 2033), up to "250 we have it".

A mail is answered 250 only after `House.take` has returned: the bytes are then stored for good.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from caseward.channels.email.wire import Gone, LineTooLong, MessageTooLarge, Wire

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable

PATH = re.compile(r"^\s*<(?:@[^:>]*:)?([^<>]*)>(?:\s+(.*))?$|^\s*([^\s<>]+)(?:\s+(.*))?$")
CONTROLS = re.compile(r"[\x00-\x20\x7f]")
LONGEST_ADDRESS = 320
MOST_ERRORS = 50
BODIES = {"7BIT", "8BITMIME"}


class NotNow(Exception):
    """The mail could not be stored; the sender's server shall try again."""


class House(Protocol):
    """Who is behind the door."""

    async def knows(self, address: str) -> bool:
        """Say whether mail to this address is for us; `NotNow` when that cannot be told."""

    async def take(self, sender: str, recipients: list[str], content: bytes) -> None:
        """Return once the mail is stored durably; `NotNow` when it is not."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What a door allows; its limits are said to whoever exceeds them."""

    name: str
    most_bytes: int
    most_recipients: int
    tls: ssl.SSLContext | None = None
    is_lmtp: bool = False
    room: Room | None = None


@dataclass(slots=True)
class Room:
    """How many bytes of unfinished messages all connections together may hold."""

    bytes_left: int

    def reserve(self, size: int) -> bool:
        if size > self.bytes_left:
            return False
        self.bytes_left -= size
        return True

    def give_back(self, size: int) -> None:
        self.bytes_left += size


@dataclass(slots=True)
class Envelope:
    sender: str
    size: int = 0
    recipients: list[str] = field(default_factory=list)


class Dialogue:
    """One client's session."""

    def __init__(self, wire: Wire, house: House, rules: Rules) -> None:
        self.wire, self.house, self.rules = wire, house, rules
        self.greeted = self.is_encrypted = self.is_over = False
        self.envelope: Envelope | None = None
        self.errors = 0

    async def hold(self) -> None:
        """Talk until either side has had enough."""
        kind = "LMTP" if self.rules.is_lmtp else "ESMTP"
        try:
            self.wire.say(f"220 {self.rules.name} {kind} Caseward")
            while not self.is_over:
                await self._next()
            await self.wire.finish_saying()
        except Gone:
            return

    async def _next(self) -> None:
        try:
            line = await self.wire.line()
        except LineTooLong:
            self._refuse("500 5.5.2 This line is too long for a command.")
            return
        verb, _space, rest = line.partition(" ")
        command = COMMANDS.get(verb.upper())
        if command is None:
            self._refuse("500 5.5.1 This command is not known here.")
        else:
            await command(self, rest.strip())

    def _refuse(self, answer: str) -> None:
        self.errors += 1
        if self.errors >= MOST_ERRORS:
            self.is_over = True
            answer = f"421 4.7.0 {MOST_ERRORS} errors are enough; closing the connection."
        self.wire.say(answer)

    async def _ehlo(self, who: str) -> None:
        if self.rules.is_lmtp:
            self._refuse("500 5.5.1 This is LMTP; say LHLO.")
        else:
            await self._greet(who)

    async def _lhlo(self, who: str) -> None:
        if self.rules.is_lmtp:
            await self._greet(who)
        else:
            self._refuse("500 5.5.1 This is SMTP; say EHLO.")

    async def _greet(self, who: str) -> None:
        if not who:
            self._refuse("501 5.5.4 Say who you are: EHLO your.host.name")
            return
        self.greeted, self.envelope = True, None
        offers = [f"SIZE {self.rules.most_bytes}", "PIPELINING", "8BITMIME", "SMTPUTF8"]
        if self.rules.tls and not self.is_encrypted:
            offers.append("STARTTLS")
        offers.append("ENHANCEDSTATUSCODES")
        lines = [self.rules.name, *offers]
        self.wire.say(*(f"250-{line}" for line in lines[:-1]), f"250 {lines[-1]}")

    async def _helo(self, who: str) -> None:
        if self.rules.is_lmtp or not who:
            self._refuse("501 5.5.4 Say who you are: HELO your.host.name")
            return
        self.greeted, self.envelope = True, None
        self.wire.say(f"250 {self.rules.name}")

    async def _starttls(self, rest: str) -> None:
        if self.rules.tls is None or self.is_encrypted or rest:
            self._refuse("503 5.5.1 There is no TLS to start here.")
            return
        if self.wire.has_more():  # it could be an attacker's line before the handshake
            self.is_over = True
            self.wire.say("421 4.7.0 Wait for the answer before you go on after STARTTLS.")
            return
        self.wire.say("220 2.0.0 Go ahead.")
        await self.wire.start_tls(self.rules.tls)
        self.greeted, self.is_encrypted, self.envelope = False, True, None

    async def _mail(self, rest: str) -> None:
        if not self.greeted or self.envelope:
            self._refuse("503 5.5.1 Greet first, and finish one mail before the next.")
            return
        sender, options = _path(rest, "FROM:")
        if sender is None:
            self._refuse("501 5.1.7 The sender must be <user@domain> or <>.")
            return
        size, unknown = _options(options)
        if unknown:
            self._refuse(f"555 5.5.4 Not known here: {unknown[:60]}")
        elif size > self.rules.most_bytes:
            self.wire.say(self._too_large())
        else:
            self.envelope = Envelope(sender, size)
            self.wire.say("250 2.1.0 OK")

    async def _rcpt(self, rest: str) -> None:
        if self.envelope is None:
            self._refuse("503 5.5.1 Name the sender first: MAIL FROM:<user@domain>")
            return
        recipient, options = _path(rest, "TO:")
        if not recipient or options:
            self._refuse("501 5.1.3 The recipient must be <user@domain>.")
        elif recipient in self.envelope.recipients:
            self.wire.say("250 2.1.5 OK")
        elif len(self.envelope.recipients) >= self.rules.most_recipients:
            most = self.rules.most_recipients
            self.wire.say(
                f"452 4.5.3 At most {most} recipients a mail; send it again to the others."
            )
        else:
            await self._take_recipient(self.envelope, recipient)

    async def _take_recipient(self, envelope: Envelope, recipient: str) -> None:
        try:
            is_known = await self.house.knows(recipient)
        except NotNow:
            self.wire.say("451 4.3.0 We cannot look up addresses now; please try again.")
            return
        if not is_known:
            self._refuse("550 5.1.1 Nobody reads mail at this address; check its spelling.")
            return
        envelope.recipients.append(recipient)
        self.wire.say("250 2.1.5 OK")

    async def _data(self, rest: str) -> None:
        envelope = self.envelope
        if envelope is None or not envelope.recipients or rest:
            self._refuse("503 5.5.1 Name sender and recipients first; nobody is named.")
            return
        self.envelope = None
        size = envelope.size or self.rules.most_bytes
        room = self.rules.room
        if room and not room.reserve(size):
            self.wire.say("452 4.3.1 Too much mail at once; please try again in a minute.")
            return
        try:
            self.wire.say("354 End with a line that holds a single dot.")
            await self._take(envelope)
        finally:
            if room:
                room.give_back(size)

    async def _take(self, envelope: Envelope) -> None:
        try:
            content = await self.wire.message(most=self.rules.most_bytes)
            await self.house.take(envelope.sender, envelope.recipients, content)
            answer = "250 2.0.0 We have it."
        except MessageTooLarge:
            answer = self._too_large()
        except NotNow:
            answer = "451 4.3.0 We cannot store mail at the moment; please try again."
        times = len(envelope.recipients) if self.rules.is_lmtp else 1
        self.wire.say(*[answer] * times)

    def _too_large(self) -> str:
        most = self.rules.most_bytes
        return f"552 5.3.4 A mail may have at most {most} bytes; send large files another way."

    async def _rset(self, _rest: str) -> None:
        self.envelope = None
        self.wire.say("250 2.0.0 OK")

    async def _noop(self, _rest: str) -> None:
        self.wire.say("250 2.0.0 OK")

    async def _quit(self, _rest: str) -> None:
        self.is_over = True
        self.wire.say("221 2.0.0 Good-bye.")

    async def _vrfy(self, _rest: str) -> None:
        self._refuse("252 2.5.2 We tell nobody who is here; send your mail.")


COMMANDS: dict[str, Callable[[Dialogue, str], Awaitable[None]]] = {
    "EHLO": Dialogue._ehlo,
    "LHLO": Dialogue._lhlo,
    "HELO": Dialogue._helo,
    "STARTTLS": Dialogue._starttls,
    "MAIL": Dialogue._mail,
    "RCPT": Dialogue._rcpt,
    "DATA": Dialogue._data,
    "RSET": Dialogue._rset,
    "NOOP": Dialogue._noop,
    "VRFY": Dialogue._vrfy,
    "QUIT": Dialogue._quit,
}


def _path(rest: str, keyword: str) -> tuple[str | None, str]:
    """Return the address after `FROM:` or `TO:` and what follows it; None when it is not one."""
    if not rest.upper().startswith(keyword):
        return None, ""
    match = PATH.match(rest[len(keyword) :])
    if not match:
        return None, ""
    address = match[1] if match[1] is not None else match[3]
    if len(address) > LONGEST_ADDRESS or CONTROLS.search(address):
        return None, ""
    return address, (match[2] or match[4] or "").strip()


def _options(options: str) -> tuple[int, str]:
    """Return the announced size, 0 when none, and the first option we do not know."""
    size = 0
    for option in options.split():
        name, _equals, value = option.upper().partition("=")
        if name == "SIZE" and value.isdecimal() and len(value) <= 20:
            size = int(value)
        elif not (name == "BODY" and value in BODIES) and option.upper() != "SMTPUTF8":
            return size, option
    return size, ""
