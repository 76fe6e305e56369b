"""A light sender of e-mail: several connections, each kept open, one mail after another."""

import asyncio
from collections.abc import Sequence

from bench.letters import Letter

CONNECTIONS = 8


async def send(letters: Sequence[Letter], *, port: int) -> None:
    """Hand over every letter and wait until each was taken."""
    parts = [letters[number::CONNECTIONS] for number in range(CONNECTIONS)]
    await asyncio.gather(*(_send_all(part, port) for part in parts if part))


async def _send_all(letters: Sequence[Letter], port: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    await _expect(reader, b"220")
    await _say(reader, writer, b"EHLO mx.example.net", b"250")
    for letter in letters:
        await _say(reader, writer, f"MAIL FROM:<{letter.sender}>".encode(), b"250")
        await _say(reader, writer, f"RCPT TO:<{letter.recipient}>".encode(), b"250")
        await _say(reader, writer, b"DATA", b"354")
        stuffed = letter.content.replace(b"\r\n.", b"\r\n..")
        await _say(reader, writer, stuffed.removesuffix(b"\r\n") + b"\r\n.", b"250")
    await _say(reader, writer, b"QUIT", b"221")
    writer.close()


async def _say(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, words: bytes, wanted: bytes
) -> None:
    writer.write(words + b"\r\n")
    await writer.drain()
    await _expect(reader, wanted)


async def _expect(reader: asyncio.StreamReader, wanted: bytes) -> None:
    while (line := await reader.readline())[3:4] == b"-":
        pass
    if not line.startswith(wanted):
        raise RuntimeError(f"The mail listener answered {line!r} where {wanted!r} was expected.")
