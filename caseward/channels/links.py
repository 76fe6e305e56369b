"""Signed addresses that let a requester in without a login: their status page and their survey.

A link names one case and cannot be made or changed without the secret key.
"""

from datetime import timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing

from caseward.casework.models import Case
from caseward.core.masking import HIDDEN

STATUS_LASTS = timedelta(days=180)
SURVEY_LASTS = timedelta(days=90)
SEPARATOR = "~"  # unreserved in addresses, so mail programs keep it inside the link
_STATUS = "caseward.status-page"
_SURVEY = "caseward.survey"
_NO_SURVEYS = "caseward.no-surveys"


class LinkBroken(Exception):
    """The link was cut off or changed; nobody can say which case it meant."""


class LinkExpired(Exception):
    """The link was ours and is too old; `reference` is the case it meant."""

    def __init__(self, reference: str) -> None:
        super().__init__(reference)
        self.reference = reference


def status_url(reference: str) -> str:
    """Return the absolute address of a case's status page."""
    return f"{settings.BASE_URL}/status/{status_token(reference)}"


def hidden_status_url() -> str:
    """Return what staff see in place of a status page's address.

    Whoever has the address may write as the requester, and rate the answers they got.
    """
    return f"{settings.BASE_URL}/status/{HIDDEN}"


def with_status_url(text: str, reference: str) -> str:
    """Return an answer as its requester reads it: with the address of their status page."""
    return text.replace(hidden_status_url(), status_url(reference))


def survey_url(reference: str, rating: int | None = None) -> str:
    """Return the absolute address of a case's survey, with a rating ready to be sent."""
    address = f"{settings.BASE_URL}/survey/{survey_token(reference)}"
    return f"{address}?{urlencode({'rating': rating})}" if rating else address


def no_surveys_url(reference: str) -> str:
    """Return the absolute address where a requester says that they want no more surveys."""
    return f"{settings.BASE_URL}/survey/{_signer(_NO_SURVEYS).sign(reference)}/stop"


def status_token(reference: str) -> str:
    return _signer(_STATUS).sign(reference)


def survey_token(reference: str) -> str:
    return _signer(_SURVEY).sign(reference)


def case_of_status_token(token: str) -> int:
    """Return the id of the case a status page is about.

    Raises:
        LinkBroken: not a link of ours, or its case is gone.
        LinkExpired: a link of ours that is too old.
    """
    return _case_id(_reference(token, _STATUS, STATUS_LASTS))


def case_of_old_status_token(token: str) -> int:
    """Return the case of a status link however old it is: enough to send a new link, not to read.

    Raises:
        LinkBroken: not a link of ours, or its case is gone.
    """
    return _case_id(_reference(token, _STATUS, None))


def case_of_survey_token(token: str) -> int:
    """Return the id of the case a survey is about; raises as `case_of_status_token` does."""
    return _case_id(_reference(token, _SURVEY, SURVEY_LASTS))


def case_of_no_surveys_token(token: str) -> int:
    """Return the id of the case whose requester wants no more surveys, however old the link.

    Raises:
        LinkBroken: not a link of ours, or its case is gone.
    """
    return _case_id(_reference(token, _NO_SURVEYS, None))


def _signer(salt: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=salt, sep=SEPARATOR)


def _reference(token: str, salt: str, lasts: timedelta | None) -> str:
    signer = _signer(salt)
    try:
        return signer.unsign(token, max_age=lasts)
    except signing.SignatureExpired:
        raise LinkExpired(signer.unsign(token)) from None
    except signing.BadSignature:
        raise LinkBroken from None


def _case_id(reference: str) -> int:
    case_id = Case.objects.filter(reference=reference).values_list("pk", flat=True).first()
    if case_id is None:
        raise LinkBroken
    return case_id
