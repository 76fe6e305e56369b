"""Handing a mail to the server of `SMTP_URL`, over a connection kept while there is more to send.

smtp://user:password@host:587 uses STARTTLS where it is offered and insists on it for a password;
smtps://host:465 is encrypted from the start; `?starttls=required` and `?starttls=never` decide.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from caseward.channels.email.writing import Written

PATIENCE_SECONDS = 20.0
PORTS = {"smtp": 25, "smtps": 465}
BROKEN = (smtplib.SMTPServerDisconnected, ConnectionError)
STARTTLS = ("offered", "required", "never")


class Refused(Exception):
    """The server will never take this mail; the message is what it said."""


class TryLater(Exception):
    """The server could not be reached or does not take the mail now; the message says why."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed in."""

    host: str
    port: int
    is_encrypted: bool
    starttls: str
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, url: str) -> Server:
        """Read an address such as smtp://user:password@mail.example.org:587.

        Raises:
            ValueError: it is none.
        """
        parts = urlsplit(url)
        starttls = parse_qs(parts.query).get("starttls", ["offered"])[0]
        if parts.scheme not in PORTS or not parts.hostname or starttls not in STARTTLS:
            raise ValueError(
                "SMTP_URL must look like smtp://user:password@mail.example.org:587 or "
                "smtps://…:465, with ?starttls=required or ?starttls=never where needed"
            )
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if password and starttls == "offered":
            starttls = "required"
        port = parts.port or PORTS[parts.scheme]
        return cls(parts.hostname, port, parts.scheme == "smtps", starttls, user, password)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Courier:
    """Sends mail to one server, one after the other over one connection."""

    def __init__(self, server: Server, *, our_name: str) -> None:
        self.server, self._our_name = server, our_name
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: Written) -> None:
        """Return once the server has taken the mail.

        A connection that broke meanwhile is made anew once. If the server took the mail and its
        answer was lost, it gets the mail twice with one Message-ID, which tells it so.

        Raises:
            Refused: the server said no for good.
            TryLater: anything else.
        """
        is_kept = self._connection is not None
        try:
            self._send(mail)
        except BROKEN as problem:
            self.close()
            if not is_kept:
                _judge(problem)
            self._send_anew(mail)
        except OSError as problem:
            self.close()
            _judge(problem)

    def close(self) -> None:
        """End the connection; the next mail opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()

    def _send_anew(self, mail: Written) -> None:
        try:
            self._send(mail)
        except OSError as problem:
            self.close()
            _judge(problem)

    def _send(self, mail: Written) -> None:
        if self._connection is None:
            self._connection = self._connect()
        options = [] if mail.recipient.isascii() else ["SMTPUTF8"]
        self._connection.sendmail(mail.sender, [mail.recipient], mail.content, options)

    def _connect(self) -> smtplib.SMTP:
        server, context = self.server, ssl.create_default_context()
        name, patience = self._our_name, PATIENCE_SECONDS
        if server.is_encrypted:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, name, timeout=patience, context=context
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, name, timeout=patience)
        try:
            self._secure(connection, context)
        except OSError:
            connection.close()
            raise
        return connection

    def _secure(self, connection: smtplib.SMTP, context: ssl.SSLContext) -> None:
        server = self.server
        connection.ehlo()
        if not server.is_encrypted and server.starttls != "never":
            if connection.has_extn("starttls"):
                connection.starttls(context=context)
                connection.ehlo()
            elif server.starttls == "required":
                raise OSError(f"{server} offers no STARTTLS, which SMTP_URL asks for")
        if server.user:
            connection.login(server.user, server.password)


def _judge(problem: OSError) -> NoReturn:
    """Raise what a server's answer means: for good, or for now."""
    code, words = _answer(problem)
    said = f"{code} {words}".strip() if code else str(problem) or type(problem).__name__
    is_about_us = isinstance(problem, smtplib.SMTPAuthenticationError | smtplib.SMTPHeloError)
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        raise Refused("The mail server takes no addresses outside ASCII.") from problem
    if 500 <= code < 600 and not is_about_us:
        raise Refused(said) from problem
    raise TryLater(said) from problem


def _answer(problem: OSError) -> tuple[int, str]:
    """Return the code and the words of the server; 0 when it said nothing."""
    words: bytes | str
    if isinstance(problem, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(problem.recipients.values()))
    elif isinstance(problem, smtplib.SMTPResponseException):
        code, words = problem.smtp_code, problem.smtp_error
    else:
        return 0, ""
    return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else words
