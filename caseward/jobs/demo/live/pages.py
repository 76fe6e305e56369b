"""A very small browser: gets a page, fills in its form, posts it. This machine only."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO
from urllib.parse import urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from caseward import settings
from caseward.channels.forms import demo_senders
from caseward.jobs.demo.live import HERE

TIMEOUT_SECONDS = 10


@dataclass(slots=True)
class Question:
    """One field of a form, with the values that can be chosen where there are such."""

    name: str
    kind: str
    is_required: bool = False
    value: str = ""
    choices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    content: bytes


class _FormReader(HTMLParser):
    """Collects the questions of the forms that are posted back to the page itself."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._posted_to = {"", path, urlsplit(path).path}
        self.questions: dict[str, Question] = {}
        self._select = ""
        self._is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            is_posted = given.get("method", "").lower() == "post"
            self._is_inside = is_posted and given.get("action", "") in self._posted_to
        elif tag == "option" and self._select and given.get("value"):
            self.questions[self._select].choices.append(given["value"])
        elif self._is_inside and tag in {"input", "select", "textarea"} and given.get("name"):
            self._ask(tag, given)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "form":
            self._is_inside = False

    def _ask(self, tag: str, given: Mapping[str, str]) -> None:
        kind = given.get("type", "text") if tag == "input" else tag
        question = self.questions.setdefault(given["name"], Question(given["name"], kind))
        question.is_required |= "required" in given
        if kind in {"radio", "checkbox"}:
            question.choices.append(given.get("value", "on"))
        elif kind == "hidden":
            question.value = given.get("value", "")
        self._select = given["name"] if tag == "select" else ""


class _StaysHere(HTTPRedirectHandler):
    """Follows a redirect only to this machine."""

    def redirect_request(
        self,
        req: Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: HTTPMessage,
        newurl: str,
    ) -> Request | None:
        if urlsplit(newurl).hostname != HERE:
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class Visit:
    """One person at our pages, with their cookies."""

    def __init__(self) -> None:
        self._opener = build_opener(HTTPCookieProcessor(CookieJar()), _StaysHere())

    def questions(self, path: str) -> dict[str, Question]:
        """Return what the form on a page asks."""
        reader = _FormReader(path)
        reader.feed(self._ask(Request(_here(path))))  # noqa: S310 - this machine, by http
        return reader.questions

    def post(
        self, path: str, answers: Sequence[tuple[str, str]], files: Sequence[tuple[str, File]] = ()
    ) -> str:
        """Send the form of a page as a browser does; return the page that answers.

        Raises:
            OSError: nobody answered, or the answer was an error.
        """
        boundary = uuid.uuid4().hex
        request = Request(_here(path), data=_multipart(boundary, answers, files))  # noqa: S310
        request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
        request.add_header("Origin", _here(""))
        return self._ask(request)

    def _ask(self, request: Request) -> str:
        request.add_header(demo_senders.HEADER, demo_senders.proof())
        with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
            return str(response.read().decode())


def _here(path: str) -> str:
    return f"http://{HERE}:{settings.PORT}{path}"


def _multipart(
    boundary: str, answers: Sequence[tuple[str, str]], files: Sequence[tuple[str, File]]
) -> bytes:
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in answers
    ]
    parts += [
        f'Content-Disposition: form-data; name="{name}"; filename="{file.name}"\r\n'
        f"Content-Type: {file.content_type}\r\n\r\n".encode()
        + file.content
        for name, file in files
    ]
    line = f"--{boundary}\r\n".encode()
    return b"".join(line + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
