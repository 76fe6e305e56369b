"""A free port on the loopback interface."""

import random
import socket
import time

RANGE = range(54300, 55300)
"""Below the ports the kernel hands to outgoing connections, so that none takes it by chance."""
LETTING_GO_SECONDS = 1.0


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def wait_until_free(port: int) -> bool:
    """Give a server killed a moment ago the time to let go of its port; say whether it did."""
    give_up_at = time.monotonic() + LETTING_GO_SECONDS
    while not (free := port_is_free(port)) and time.monotonic() < give_up_at:
        time.sleep(0.02)
    return free


def free_port(preferred: int | None = None) -> int:
    """Return the preferred port if it is free or soon will be, else another one at random.

    Raises:
        OSError: every port of the range is taken.
    """
    if preferred and wait_until_free(preferred):
        return preferred
    for port in random.sample(RANGE, len(RANGE)):
        if port_is_free(port):
            return port
    raise OSError(f"no free port between {RANGE.start} and {RANGE.stop - 1}")
