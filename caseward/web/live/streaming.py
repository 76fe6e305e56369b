"""Server-sent events over one connection, from its first line to its end."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from caseward.web.live.hub import Client, Hub
from caseward.web.live.news import CAUGHT_UP

type Message = dict[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]

HEARTBEAT_SECONDS = 15.0
RETRY_MS = 2_000
HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]
HEARTBEAT = ": all is quiet\n\n"
STALE = "event: stale\ndata: too slow\n\n"
EXPIRED = "event: expired\ndata: reload the page\n\n"


async def stream(client: Client, hub: Hub, receive: Receive, send: Send, *, is_back: bool) -> None:
    """Send a client its hints until it goes, is too slow, or its token expires.

    Args:
        is_back: It was here before and may have missed something, so it is told to look.
    """
    if is_back:
        client.offer([CAUGHT_UP])
    hub.let_in(client)
    gone = asyncio.ensure_future(_until_gone(receive, client))
    try:
        await _send(send, f"retry: {RETRY_MS}\n\n")
        await _send_hints(client, send)
        await _send(send, "", is_last=True)
    finally:
        hub.see_out(client)
        gone.cancel()


async def _send_hints(client: Client, send: Send) -> None:
    number = 0
    while True:
        try:
            hint = await asyncio.wait_for(client.next_hint(), _patience(client))
        except TimeoutError:
            if datetime.now(UTC) >= client.reader.expires_at:
                await _send(send, EXPIRED)
                return
            await _send(send, HEARTBEAT)
            continue
        if hint is None:
            await _send(send, STALE if client.is_stale else "")
            return
        number += 1
        await _send(send, f"id: {number}\ndata: {hint}\n\n")


def _patience(client: Client) -> float:
    left = (client.reader.expires_at - datetime.now(UTC)).total_seconds()
    return max(0.01, min(HEARTBEAT_SECONDS, left))


async def _until_gone(receive: Receive, client: Client) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    client.end()


async def _send(send: Send, text: str, *, is_last: bool = False) -> None:
    body = text.encode()
    await send({"type": "http.response.body", "body": body, "more_body": not is_last})
