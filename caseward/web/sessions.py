"""Sessions in PostgreSQL, as Django keeps them, whatever stands in the cookie."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from caseward.org import planned

KEPT = """
    SELECT session_data FROM django_session
    WHERE session_key = %s AND expire_date > %s::timestamptz
"""


class SessionStore(db.SessionStore):
    """A key that was never given out, such as one with null characters, is nobody's session."""

    def load(self) -> dict[str, Any]:
        """Return what is kept: every page asks, so by a statement that is planned once."""
        found = planned.rows(KEPT, [self.session_key, timezone.now()])
        if not found:
            self._session_key = None
            return {}
        kept: dict[str, Any] = self.decode(found[0][0])
        return kept

    def _validate_session_key(self, key: str) -> bool:
        known = super()._validate_session_key(key)  # type: ignore[misc]  # not in the stubs
        return bool(known) and key.isascii() and key.isalnum()
