"""A free port on the loopback interface."""

import random
import socket

RANGE = range(54300, 55300)
"""Below the ports the kernel hands to outgoing connections, so that none takes it by chance."""


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port(preferred: int | None = None) -> int:
    """Return the preferred port while it is free, else another one chosen at random.

    Raises:
        OSError: every port of the range is taken.
    """
    if preferred and port_is_free(preferred):
        return preferred
    for port in random.sample(RANGE, len(RANGE)):
        if port_is_free(port):
            return port
    raise OSError(f"no free port between {RANGE.start} and {RANGE.stop - 1}")
