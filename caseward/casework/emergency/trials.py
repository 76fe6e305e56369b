"""A page sent to try out a rota: it goes out like any other, and its reader says that it came."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from caseward.casework.emergency.rotas import may_change, read_rota
from caseward.casework.models import OnCallPlace, OnCallTrial
from caseward.casework.services.alerting import alert, in_language_of
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.changing import NotYoursToChange
from caseward.org.models import StaffMember

SALT = "caseward.emergency.trial"
LINK_LASTS = timedelta(hours=24)
NOT_AGAIN_WITHIN = timedelta(minutes=1)


class SentJustNow(Exception):
    """A trial went to this person a moment ago and nobody has answered it yet."""


class NotOnTheRota(Exception):
    """Nobody of this name is on this rota."""


class NoSuchTrial(Exception):
    """The link of a trial is not ours, or older than a day."""


@transaction.atomic
def send_trial(*, rota_key: str, staff_key: str, by: StaffMember, now: datetime) -> OnCallTrial:
    """Send somebody on a rota a page that says it is a trial, by every way they are paged.

    Raises:
        NotYoursToChange: the person does not answer for this rota, nor is it about themselves.
        NotOnTheRota: see there.
        SentJustNow: see there.
    """
    entry = read_rota(rota_key)
    places = OnCallPlace.objects.select_for_update(of=("self",)).select_related("rota", "staff")
    place = places.filter(rota__key=rota_key, staff__key=staff_key).first()
    if entry is None or place is None:
        raise NotOnTheRota(staff_key)
    if not may_change(by, entry) and place.staff_id != by.pk:
        raise NotYoursToChange(rota_key)
    if _went_out_just_now(place, now):
        raise SentJustNow(staff_key)
    trial = OnCallTrial.objects.create(rota=place.rota, staff=place.staff, sent_by=by, sent_at=now)
    _page(place, trial, now)
    _leave_trace("trial.sent", trial, by, now)
    return trial


def _went_out_just_now(place: OnCallPlace, now: datetime) -> bool:
    waiting = OnCallTrial.objects.filter(
        rota_id=place.rota_id, staff_id=place.staff_id, acknowledged_at=None
    )
    return waiting.filter(sent_at__gt=now - NOT_AGAIN_WITHIN).exists()


def _page(place: OnCallPlace, trial: OnCallTrial, now: datetime) -> None:
    with in_language_of(place.staff):
        words = {"rota": place.rota.name, "by": trial.sent_by.name, "link": link_of(trial)}
        subject = _("Trial: are you reached as %(rota)s pages you?") % words
        text = _(
            "This is a trial. Nobody is in danger.\n\n"
            "%(by)s wants to know whether pages of %(rota)s reach you. Say that this one did:\n"
            "%(link)s\n"
        )
    alert(
        place.staff, kind="trial.sent", subject=subject, text=text % words, now=now,
        email=place.email, webhook_url=place.webhook_url, trial=trial,
        payload={"trial": trial.pk, "acknowledge_url": words["link"]},
    )  # fmt: skip


def link_of(trial: OnCallTrial) -> str:
    """Return the address at which the trial is answered, without signing in."""
    token = signing.dumps(trial.pk, salt=SALT, compress=False)
    return f"{settings.BASE_URL}/emergency/trial/{token}"


def trial_of(token: str) -> OnCallTrial:
    """Return the trial a link belongs to.

    Raises:
        NoSuchTrial: it is not ours, or older than a day.
    """
    try:
        number = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
        return OnCallTrial.objects.select_related("rota", "staff").get(pk=number)
    except (signing.BadSignature, OnCallTrial.DoesNotExist):
        raise NoSuchTrial from None


@transaction.atomic
def acknowledge_trial(trial_id: int, *, now: datetime) -> OnCallTrial:
    """Keep that a trial came; the second time changes nothing."""
    trials = OnCallTrial.objects.select_for_update(of=("self",)).select_related("rota", "staff")
    trial = trials.get(pk=trial_id)
    if trial.acknowledged_at is None:
        trial.acknowledged_at = now
        trial.save(update_fields=["acknowledged_at"])
        after = int((now - trial.sent_at).total_seconds())
        _leave_trace("trial.answered", trial, trial.staff, now, after_seconds=after)
    return trial


def _leave_trace(
    kind: str, trial: OnCallTrial, by: StaffMember, now: datetime, **data: int
) -> None:
    ledger.record(
        kind, at=now, actor_id=by.pk, actor_name=by.name, audience=Event.Audience.IN_HOUSE,
        data={
            "trial_id": trial.pk, "rota": trial.rota.key, "to_id": trial.staff_id,
            "to_name": trial.staff.name, **data,
        },
    )  # fmt: skip
