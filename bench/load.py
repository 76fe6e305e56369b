"""Asking for pages at a steady pace, however long each takes to answer."""

import http.client
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

READERS = 8


@dataclass(frozen=True, slots=True)
class Request:
    """A page, and who asks for it."""

    path: str
    cookie: str


def ask_steadily(
    requests: Sequence[Request], *, port: int, per_second: float, seconds: float
) -> list[float]:
    """Ask for the pages in turn; return how many milliseconds each took.

    The time runs from when a page was due to be asked for, so that a server too slow for the pace
    cannot hide it by letting those who ask wait. One that falls behind by as long as the whole
    takes is not asked any more.
    """
    count = int(per_second * seconds)
    begins_at = time.perf_counter() + 0.1
    gives_up_at = begins_at + 2 * seconds

    def read(reader: int) -> list[float]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        took = []
        for number in range(reader, count, READERS):
            if time.perf_counter() > gives_up_at:
                break
            due_at = begins_at + number / per_second
            time.sleep(max(0.0, due_at - time.perf_counter()))
            _ask(connection, requests[number % len(requests)])
            took.append(1000 * (time.perf_counter() - due_at))
        connection.close()
        return took

    with ThreadPoolExecutor(READERS) as readers:
        return [ms for took in readers.map(read, range(READERS)) for ms in took]


def _ask(connection: http.client.HTTPConnection, request: Request) -> None:
    connection.request("GET", request.path, headers={"Cookie": request.cookie})
    answer = connection.getresponse()
    answer.read()
    if answer.status != 200:
        raise RuntimeError(f"{request.path} answered {answer.status} where 200 was expected.")
