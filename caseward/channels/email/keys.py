"""The key that signs reply addresses and message ids, made from the installation's secret."""

import hashlib

from django.conf import settings


def mail_key() -> bytes:
    """Return the key; it changes with the secret key, and old reply addresses go with it."""
    return hashlib.sha256(f"caseward.mail\n{settings.SECRET_KEY}".encode()).digest()
