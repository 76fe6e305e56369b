"""Asking requesters what they thought of the help they got, and taking their answer."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from caseward.casework.emergency.history import had_emergency
from caseward.casework.models import Case, Outgoing, PartyContact
from caseward.casework.services.recording import record
from caseward.core.masking import mask
from caseward.ledger import queries as ledger
from caseward.quality.declining import declined
from caseward.quality.models import Survey

ASK_AFTER = timedelta(minutes=30)  # the answer itself is read first
ASK_WITHIN = timedelta(days=7)  # later nobody remembers
CHANGEABLE = timedelta(days=7)
SEVERE = 3  # from this severity of a reason on, a case is about harm and not about service
NEVER_ASKED = ["in-danger", "others-may-read-mail"]
LONGEST_COMMENT = 2_000


class NotAsked(Exception):
    """No survey was sent for this case."""


class TooLate(Exception):
    """The answer can no longer be changed: seven days have passed since it was first given."""


class NoSuchRating(Exception):
    """A rating is a whole number from 1 to 5."""


@transaction.atomic
def ask_surveys(*, now: datetime, after: timedelta = ASK_AFTER, at_most: int = 200) -> int:
    """Ask the requesters of cases resolved `after` ago, each once; return how many were asked.

    The row, its e-mail in the outbox and the event are one transaction. Of two at once, the second
    leaves the work to the first.
    """
    if not _is_my_turn():
        return 0
    cases = list(_to_ask(now, after).select_for_update(of=["self"], skip_locked=True)[:at_most])
    Survey.objects.bulk_create(Survey(case=case, asked_at=now) for case in cases)
    Outgoing.objects.bulk_create(
        Outgoing(case=case, kind=Outgoing.Kind.SURVEY, send_after=now) for case in cases
    )
    for case in cases:
        record("survey.asked", case, at=now, **_who_resolved(case))
    return len(cases)


@transaction.atomic
def answer_survey(*, case_id: int, rating: int, comment: str, now: datetime) -> Survey:
    """Record what a requester thought, or their change of mind within seven days.

    Details and secrets in the comment are masked. The same answer twice leaves one trace.

    Raises:
        NotAsked: this case has no survey.
        NoSuchRating: the rating is not one of 1 to 5.
        TooLate: it was first answered more than seven days ago; nothing was changed.
    """
    if rating not in range(1, 6):
        raise NoSuchRating(rating)
    survey = _to_answer(case_id)
    if not is_changeable(survey, now=now):
        raise TooLate
    comment = mask(comment.replace("\x00", "").strip()[:LONGEST_COMMENT]).text
    if (survey.rating, survey.comment) != (rating, comment):
        _keep(survey, rating, comment, now)
    return survey


def is_changeable(survey: Survey, *, now: datetime) -> bool:
    """Say whether a survey can be answered, or its answer changed."""
    return survey.answered_at is None or now < survey.answered_at + CHANGEABLE


def _is_my_turn() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('quality.ask_surveys'))")
        return bool(cursor.fetchone()[0])


def _to_ask(now: datetime, after: timedelta) -> QuerySet[Case]:
    """Resolved cases nobody was asked about yet, where asking is wanted and decent."""
    resolved = Case.objects.filter(
        status=Case.Status.RESOLVED,
        resolved_at__gt=now - ASK_WITHIN,
        resolved_at__lte=now - after,
        merged_into__isnull=True,
    )
    reachable = PartyContact.objects.filter(party__case=OuterRef("pk"), party__part="REQUESTER")
    return (
        resolved.filter(disposition__is_survey_wanted=True)
        .filter(~Exists(Survey.objects.filter(case=OuterRef("pk"))))
        .filter(Exists(reachable.exclude(email="")))
        .exclude(declined(OuterRef("pk")))
        .filter(Q(reason__isnull=True) | Q(reason__severity__lt=SEVERE))
        .exclude(tags__overlap=NEVER_ASKED)
        .exclude(had_emergency(OuterRef("pk")))
        .order_by("resolved_at", "pk")
    )


def _to_answer(case_id: int) -> Survey:
    locked = Survey.objects.select_for_update(of=["self"]).select_related("case")
    survey = locked.filter(case_id=case_id).first()
    if survey is None:
        raise NotAsked(case_id)
    return survey


def _keep(survey: Survey, rating: int, comment: str, now: datetime) -> None:
    before, survey.rating, survey.comment = survey.rating, rating, comment
    if survey.answered_at is None:
        survey.answered_at = now
    else:
        survey.changed_at = now
    survey.save(update_fields=["rating", "comment", "answered_at", "changed_at"])
    record(
        "survey.answered",
        survey.case,
        at=now,
        rating=rating,
        before=before,
        **_who_resolved(survey.case),
    )


def _who_resolved(case: Case) -> dict[str, Any]:
    """Return whose work the rating is about: who resolved the case last, and where."""
    resolved = ledger.timeline(case.pk).filter(kind="case.resolved").first()
    if resolved is None:
        return {"resolved_by_id": None, "team_id": None, "site_id": None}
    return {
        "resolved_by_id": resolved.actor_id,
        "team_id": resolved.data.get("team_id"),
        "site_id": resolved.data.get("site_id"),
    }
