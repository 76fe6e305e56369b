"""A mail server of somebody else's, small enough to say exactly what a test wants it to say."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager


class PostOffice:
    """Takes mail; `rcpt` and `data` are what it answers to recipients and to mails."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, list[str], bytes]] = []
        self.connections = 0
        self.rcpt = self.data = "250 OK"


class _Counter(socketserver.StreamRequestHandler):
    office: PostOffice

    def handle(self) -> None:
        self.office.connections += 1
        self.sender, self.recipients = "", list[str]()
        self._say("220 mx.example.com")
        while line := self.rfile.readline():
            verb, _space, rest = line.decode().strip().partition(" ")
            if verb.upper() == "QUIT":
                self._say("221 bye")
                return
            self._say(self._answer(verb.upper(), rest))

    def _answer(self, verb: str, rest: str) -> str:
        if verb == "MAIL":
            self.sender, self.recipients = _address(rest), []
        if verb == "RCPT":
            self.recipients.append(_address(rest))
            return self.office.rcpt
        if verb == "DATA":
            return self._take()
        return "250 mx.example.com"

    def _take(self) -> str:
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        if self.office.data.startswith("250"):
            self.office.mails.append((self.sender, self.recipients, b"".join(lines)))
        return self.office.data

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@contextmanager
def open_for_mail(office: PostOffice) -> Iterator[str]:
    """Run the server on a free port; yield its address for SMTP_URL."""
    handler = type("Handler", (_Counter,), {"office": office})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _address(rest: str) -> str:
    return rest.partition("<")[2].partition(">")[0]
