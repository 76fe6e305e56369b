"""The demo's own requesters at the forms: counted apart from the people who try it here too.

They come from this very machine, as its visitors do. A proof signed with the installation's key
tells them apart, and it counts only where the demo made the installation.
"""

from datetime import timedelta

from django.core.signing import BadSignature, TimestampSigner

from caseward.org.models import Operation

HEADER = "X-Caseward-Demo"
COUNTED_AS = "the demo's requesters"
GOOD_FOR = timedelta(minutes=5)
SIGNER_SALT = "caseward.demo-senders"


def proof() -> str:
    """Return what one of the demo's requesters shows in `HEADER`."""
    return TimestampSigner(salt=SIGNER_SALT).sign(COUNTED_AS)


def is_proven(shown: str | None) -> bool:
    """Say whether this came from the demo of this installation, a moment ago."""
    if not shown:
        return False
    try:
        signed = TimestampSigner(salt=SIGNER_SALT).unsign(shown, max_age=GOOD_FOR)
    except BadSignature:
        return False
    return signed == COUNTED_AS and Operation.objects.filter(is_demo=True).exists()
