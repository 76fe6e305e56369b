"""The pure-ASGI application: who may listen, from which pages, and what else is answered."""

import asyncio
import contextlib
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings

from caseward.web.live.hub import Client, Hub
from caseward.web.live.listening import Listener
from caseward.web.live.news import PATH
from caseward.web.live.streaming import HEADERS, Receive, Send, stream
from caseward.web.live.tokens import Reader, read_token

type Scope = dict[str, Any]
type Headers = list[tuple[bytes, bytes]]

MOST_CLIENTS = 5_000


class LiveApp:
    """Listens to PostgreSQL once and streams to any number of pages."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.listener = Listener(self.hub, settings.DATABASE_URL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        listening = asyncio.ensure_future(self.listener.run())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.hub.end_all()
        listening.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await listening
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        origin = _header(scope, b"origin")
        problem = self._problem(scope, origin)
        reader = _reader(scope)
        if problem or reader is None:
            await _refuse(send, *(problem or NOT_SIGNED_IN), origin=origin)
            return
        headers = [*HEADERS, *_cross_origin(origin)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        is_back = _header(scope, b"last-event-id") != ""
        await stream(Client(reader), self.hub, receive, send, is_back=is_back)

    def _problem(self, scope: Scope, origin: str) -> tuple[int, str] | None:
        if scope["path"] != PATH:
            return 404, f"Live events are at {PATH}."
        if scope["method"] != "GET":
            return 405, "Live events are read with GET."
        if origin and origin not in allowed_origins():
            return 403, "Pages of another site may not listen here. See CASEWARD_BASE_URL."
        if len(self.hub.clients) >= MOST_CLIENTS:
            return 503, "Too many pages are listening. Try again soon."
        return None


NOT_SIGNED_IN = (401, "The token is missing, wrong or has expired. Reload the page.")


def allowed_origins() -> frozenset[str]:
    """Return the origins whose pages may listen: this installation's own."""
    base = urlsplit(settings.BASE_URL)
    own = {f"http://{host}:{settings.PORT}" for host in ("127.0.0.1", "localhost")}
    return frozenset({f"{base.scheme}://{base.netloc}", *own, *settings.CSRF_TRUSTED_ORIGINS})


def _reader(scope: Scope) -> Reader | None:
    token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
    return read_token(token, now=datetime.now(UTC))


def _header(scope: Scope, name: bytes) -> str:
    found = [value for key, value in scope["headers"] if key.lower() == name]
    return found[0].decode("latin-1") if found else ""


def _cross_origin(origin: str) -> Headers:
    if origin not in allowed_origins():
        return [(b"vary", b"origin")]
    return [
        (b"vary", b"origin"),
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
    ]


async def _refuse(send: Send, status: int, sentence: str, *, origin: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_cross_origin(origin)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})
