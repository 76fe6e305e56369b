"""Working something out at most once a second, however many ask for it."""

import threading
import time
from collections.abc import Callable, Hashable

SECONDS = 1.0
SHARE = 0.2
"""What takes long is worked out more rarely: it never takes more than this share of the time."""
MOST_KEPT = 200


class Spaced[K: Hashable, T]:
    """Keeps the newest value of each key; one thread makes it, the others meanwhile take the old.

    A value older than a second is made anew when it is asked for. Only where there is none yet does
    anybody wait.
    """

    def __init__(self, make: Callable[[K], T], seconds: float = SECONDS) -> None:
        self._make = make
        self._seconds = seconds
        self._kept: dict[K, _Value[T]] = {}
        self._lock = threading.Lock()

    def get(self, key: K) -> T:
        with self._lock:
            if key not in self._kept and len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            value = self._kept.setdefault(key, _Value())
        return value.get(lambda: self._make(key), self._seconds)

    def forget(self) -> None:
        """Make every value anew when it is next asked for."""
        with self._lock:
            self._kept.clear()


class _Value[T]:
    def __init__(self) -> None:
        self._making = threading.Lock()
        self._value: list[T] = []
        self._fresh_until = 0.0

    def get(self, make: Callable[[], T], seconds: float) -> T:
        if self._value and time.monotonic() < self._fresh_until:
            return self._value[0]
        if not self._making.acquire(blocking=not self._value):
            return self._value[0]
        try:
            if not self._value or time.monotonic() >= self._fresh_until:
                self._remake(make, seconds)
            return self._value[0]
        finally:
            self._making.release()

    def _remake(self, make: Callable[[], T], seconds: float) -> None:
        began = time.monotonic()
        self._value = [make()]
        ended = time.monotonic()
        self._fresh_until = began + max(seconds, (ended - began) / SHARE)
