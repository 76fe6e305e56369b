"""One SMTP connection as lines and messages, with no more of it in memory than allowed."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ssl

LONGEST_LINE = 4_096
READ_AT_ONCE = 65_536
END = b"\r\n.\r\n"
PATIENT_FACTOR = 4  # a message this many times too large is not read to its end


class LineTooLong(Exception):
    """A command is longer than any honest one; it was read and thrown away."""


class MessageTooLarge(Exception):
    """The message is larger than allowed; it was read to its end and thrown away."""


class Gone(Exception):
    """The other side left, or said nothing for too long."""


class Wire:
    """Reads commands and messages, writes answers; `patience` is in seconds."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, patience: float
    ) -> None:
        self._reader, self._writer, self._patience = reader, writer, patience
        self._unread = bytearray()
        self._unsaid = bytearray()

    def say(self, *lines: str) -> None:
        """Answer with one or more lines; answers to commands sent together leave together."""
        self._unsaid += "".join(f"{line}\r\n" for line in lines).encode("utf-8", "replace")

    async def finish_saying(self) -> None:
        """Write what is still to be said."""
        if not self._unsaid:
            return
        self._writer.write(bytes(self._unsaid))
        self._unsaid.clear()
        try:
            async with asyncio.timeout(self._patience):
                await self._writer.drain()
        except (TimeoutError, OSError) as problem:
            raise Gone from problem

    async def line(self) -> str:
        """Return the next command without its line end.

        Raises:
            LineTooLong, Gone: see there.
        """
        is_too_long = False
        while (end := self._unread.find(b"\n")) < 0:
            if len(self._unread) > LONGEST_LINE:
                is_too_long = True
                self._unread.clear()
            await self._read_on()
        line = bytes(self._unread[:end])
        del self._unread[: end + 1]
        if is_too_long or end > LONGEST_LINE:
            raise LineTooLong
        return line.rstrip(b"\r").decode("utf-8", "replace")

    async def message(self, *, most: int) -> bytes:
        """Return the message up to the line with a single dot, its stuffed dots taken out.

        Only CRLF ends a line here: a server before us that sees an end elsewhere cannot be made to
        smuggle in a second message.

        Raises:
            MessageTooLarge, Gone: see there.
        """
        data = bytearray(b"\r\n")
        data += self._unread
        self._unread.clear()
        searched, thrown_away = 0, 0
        while (end := data.find(END, searched)) < 0:
            if len(data) > most + len(END):
                thrown_away += len(data) - len(END)
                del data[: -len(END)]
            if thrown_away > PATIENT_FACTOR * most:
                raise Gone
            searched = max(0, len(data) - len(END))
            await self._read_on()
            data += self._unread
            self._unread.clear()
        self._unread += data[end + len(END) :]
        del data[end + 2 :]
        if thrown_away or len(data) - 2 > most:
            raise MessageTooLarge
        return bytes(data.replace(b"\r\n.", b"\r\n")[2:])

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Go on encrypted; whatever was sent before the handshake is forgotten."""
        await self.finish_saying()
        self._unread.clear()
        try:
            async with asyncio.timeout(self._patience):
                await self._writer.start_tls(context)
        except (TimeoutError, OSError) as problem:
            raise Gone from problem

    def has_more(self) -> bool:
        """Say whether something waits that was sent before we answered."""
        return bool(self._unread)

    async def _read_on(self) -> None:
        await self.finish_saying()
        try:
            async with asyncio.timeout(self._patience):
                more = await self._reader.read(READ_AT_ONCE)
        except (TimeoutError, OSError) as problem:
            raise Gone from problem
        if not more:
            raise Gone
        self._unread += more
