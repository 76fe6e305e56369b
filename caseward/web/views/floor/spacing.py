"""Working something out at most so often, however many ask for it."""

import threading
import time
from collections.abc import Callable, Hashable

SHARE = 0.2
"""What takes long is worked out more rarely: it never takes more than this share of the time."""
MOST_KEPT = 200


def _never(_: object) -> bool:
    return False


class Spaced[K: Hashable, T]:
    """Keeps the newest value of each key; one thread makes it, the others meanwhile take the old.

    A value older than `seconds` that `is_current` does not vouch for is made anew when it is next
    asked for. Only where there is none yet does anybody wait.
    """

    def __init__(
        self, make: Callable[[K], T], seconds: float, is_current: Callable[[T], bool] = _never
    ) -> None:
        self._make = make
        self._seconds = seconds
        self._is_current = is_current
        self._kept: dict[K, _Value[T]] = {}
        self._lock = threading.Lock()

    def get(self, key: K) -> T:
        value = self._value(key)
        if value.is_due() and not (value.made and self._is_current(value.made[0])):
            value.remake(lambda: self._make(key), self._seconds)
        return value.made[0]

    def due_in(self, key: K) -> float:
        """Return in how many seconds there may be a newer value than the one kept."""
        return self._value(key).due_in()

    def forget(self) -> None:
        """Make every value anew when it is next asked for."""
        with self._lock:
            self._kept.clear()

    def _value(self, key: K) -> "_Value[T]":
        with self._lock:
            if key not in self._kept and len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            return self._kept.setdefault(key, _Value())


class _Value[T]:
    def __init__(self) -> None:
        self.made: list[T] = []
        self._making = threading.Lock()
        self._fresh_until = 0.0
        self._took = 0.0

    def is_due(self) -> bool:
        return time.monotonic() >= self._fresh_until

    def due_in(self) -> float:
        return max(0.0, self._fresh_until - time.monotonic()) + self._took

    def remake(self, make: Callable[[], T], seconds: float) -> None:
        """Make it, or wait for it where another thread makes the first."""
        if not self._making.acquire(blocking=not self.made):
            return
        try:
            if not self.made or self.is_due():
                began = time.monotonic()
                self.made = [make()]
                self._took = time.monotonic() - began
                self._fresh_until = began + max(seconds, self._took / SHARE)
        finally:
            self._making.release()
