"""Requesters who want no more surveys: their address is kept as a hash, never as itself."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import CharField, Exists, Func, OuterRef, QuerySet
from django.db.models.functions import Lower, Trim

from caseward.casework.models import Case, PartyContact
from caseward.casework.services.recording import record
from caseward.quality.models import NoSurveys


class _Hash(Func):
    """SHA-256 of a text, worked out by PostgreSQL, so that one hash can be found by another."""

    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField()


@transaction.atomic
def stop_surveys(*, case_id: int, now: datetime) -> None:
    """Ask nobody at the address of this case's requester again; twice leaves one trace."""
    known = _addresses(case_id).values_list("address_hash", flat=True)
    made = [
        NoSurveys.objects.get_or_create(address_hash=address, defaults={"since": now})[1]
        for address in known
    ]
    if any(made):
        record("survey.declined", Case.objects.get(pk=case_id), at=now)


def declined(case_id: OuterRef) -> Exists:
    """Say of each case whether its requester's address wants no surveys."""
    same = NoSurveys.objects.filter(address_hash=OuterRef("address_hash"))
    return Exists(_addresses(case_id).filter(Exists(same)))


def _addresses(case_id: int | OuterRef) -> QuerySet[Any]:
    contacts = PartyContact.objects.filter(party__case=case_id, party__part="REQUESTER")
    return contacts.exclude(email="").annotate(address_hash=_Hash(Lower(Trim("email"))))
