"""Sessions in PostgreSQL, as Django keeps them, whatever stands in the cookie."""

from django.contrib.sessions.backends import db


class SessionStore(db.SessionStore):
    """A key that was never given out, such as one with null characters, is nobody's session."""

    def _validate_session_key(self, key: str) -> bool:
        known = super()._validate_session_key(key)  # type: ignore[misc]  # not in the stubs
        return bool(known) and key.isascii() and key.isalnum()
