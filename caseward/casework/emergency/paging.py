"""Pages: sent one after the other until somebody takes the emergency."""

from datetime import datetime, timedelta

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from caseward.casework.emergency.on_call import OnCall, on_call, rotas
from caseward.casework.models import Case, Emergency, EmergencyPage, StaffAlert
from caseward.casework.services.alerting import alert, in_language_of, line_for
from caseward.casework.services.assigning.being_there import end_rest
from caseward.casework.services.recording import record, record_in_house, refresh_urgency
from caseward.core.paging import next_to_page
from caseward.ledger import queries as ledger
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember
from caseward.routing.models import Queue

SALT = "caseward.emergency.page"
LINK_LASTS = timedelta(hours=24)


class AlreadyTaken(Exception):
    """Somebody took the emergency first; `by` says who."""

    def __init__(self, by: str) -> None:
        super().__init__(by)
        self.by = by


class NotInHouse(Exception):
    """An emergency is taken and decided by in-house staff only."""


class LinkTooOld(Exception):
    """The link of a page is not ours, or older than a day."""


def page_next(emergency: Emergency, *, now: datetime, within: timedelta) -> EmergencyPage | None:
    """Page whoever is next; None where nobody can be reached at all, which the ledger then says."""
    people = on_call(region_id=emergency.region_id, lob_id=emergency.case.lob_id, now=now)
    paged = list(emergency.pages.order_by("nth").values_list("staff_id", flat=True))
    by_id = {person.staff_id: person for rota in people for person in reversed(rota)}
    chosen = next_to_page([[person.staff_id for person in rota] for rota in people], paged)
    if chosen is None:
        _say_once_that_nobody_is_there(emergency, now)
        return None
    return _page(emergency, by_id[chosen], len(paged) + 1, now=now, within=within)


def _say_once_that_nobody_is_there(emergency: Emergency, now: datetime) -> None:
    kind = "emergency.nobody_on_call"
    if not ledger.timeline(emergency.case_id).filter(kind=kind, at__gte=emergency.raised_at):
        record_in_house(kind, emergency.case, at=now, emergency_id=emergency.pk)


def _page(
    emergency: Emergency, person: OnCall, nth: int, *, now: datetime, within: timedelta
) -> EmergencyPage:
    staff = StaffMember.objects.get(pk=person.staff_id)
    page = EmergencyPage.objects.create(
        emergency=emergency,
        nth=nth,
        staff=staff,
        rota_id=person.rota_id,
        paged_at=now,
        pass_on_at=now + within,
    )
    subject, text = _words(emergency, page, within)
    alert(
        staff, kind="emergency.paged", case=emergency.case, subject=subject, text=text, now=now,
        email=person.email, webhook_url=person.webhook_url, page=page,
        payload={
            "emergency": emergency.pk, "nth": nth, "acknowledge_url": link_of(page),
            "pass_on_at": page.pass_on_at.isoformat(),
        },
    )  # fmt: skip
    rota = rotas().get(person.rota_id or 0)
    record_in_house(
        "emergency.paged", emergency.case, at=now,
        emergency_id=emergency.pk, nth=nth, to_id=staff.pk, to_name=staff.name,
        rota=rota.key if rota else None, pass_on_at=page.pass_on_at.isoformat(),
    )  # fmt: skip
    return page


def _words(emergency: Emergency, page: EmergencyPage, within: timedelta) -> tuple[str, str]:
    case = emergency.case
    with in_language_of(page.staff):
        words = {
            "reference": case.reference,
            "line": line_for(case, page.staff),
            "minutes": int(within.total_seconds() // 60),
            "link": link_of(page),
        }
        subject = _("Emergency: somebody may come to harm (%(reference)s)") % words
        text = _(
            "An agent says that somebody may come to harm soon.\n\n"
            "Case %(reference)s, %(line)s.\n\n"
            "Take it within %(minutes)d minutes; then the next person is paged:\n%(link)s\n"
        )
    return subject, text % words


def link_of(page: EmergencyPage) -> str:
    """Return the address at which the paged person takes the emergency, without signing in."""
    token = signing.dumps(page.pk, salt=SALT, compress=False)
    return f"{settings.BASE_URL}/emergency/{token}"


def page_of(token: str) -> EmergencyPage:
    """Return the page a link belongs to.

    Raises:
        LinkTooOld: it is not ours, or older than a day.
    """
    try:
        number = signing.loads(token, salt=SALT, max_age=LINK_LASTS)
        found = EmergencyPage.objects.select_related("staff", "emergency__case")
        return found.get(pk=number, staff__is_active=True, staff__vendor__isnull=True)
    except (signing.BadSignature, EmergencyPage.DoesNotExist):
        raise LinkTooOld from None


@transaction.atomic
def take_emergency(*, emergency_id: int, by: StaffMember, now: datetime) -> Emergency:
    """Take an emergency: paging ends, and the case is in this person's hands. Twice is once.

    Raises:
        NotInHouse: a vendor's staff member.
        AlreadyTaken: somebody else did; nothing was changed.
        Emergency.DoesNotExist: it ended, or there is none.
    """
    if by.vendor_id:
        raise NotInHouse
    known = Emergency.objects.get(pk=emergency_id)
    case = Case.objects.select_for_update().get(pk=known.case_id)
    emergency = Emergency.objects.select_for_update(of=("self",)).get(
        pk=emergency_id, state__in=Emergency.RUNNING
    )
    if emergency.acknowledged_by_id == by.pk:
        return emergency
    if emergency.acknowledged_by_id:
        raise AlreadyTaken(StaffMember.objects.get(pk=emergency.acknowledged_by_id).name)
    emergency.state = Emergency.State.IN_HAND
    emergency.acknowledged_by, emergency.acknowledged_at = by, now
    emergency.save(update_fields=["state", "acknowledged_by", "acknowledged_at"])
    _end_pages(emergency, by, now)
    _into_hands(case, by, now)
    record(
        "emergency.acknowledged", case, at=now, by=by,
        emergency_id=emergency.pk, after_seconds=int((now - emergency.raised_at).total_seconds()),
    )  # fmt: skip
    return emergency


def _end_pages(emergency: Emergency, by: StaffMember, now: datetime) -> None:
    mine = emergency.pages.filter(staff=by).order_by("-nth").first()
    if mine:
        mine.acknowledged_at, mine.missed_at = now, None
        mine.save(update_fields=["acknowledged_at", "missed_at"])
    alerts = StaffAlert.objects.filter(page__emergency=emergency, state=StaffAlert.State.QUEUED)
    alerts.update(state=StaffAlert.State.CANCELLED)


def let_go(*, by: StaffMember, now: datetime) -> int:
    """Page on where somebody had an emergency in hand that is not decided yet; return how many.

    Nobody is told that they gave it back: the ledger says that paging goes on.
    """
    if by.vendor_id:
        return 0
    in_hand = Emergency.objects.filter(acknowledged_by=by, state=Emergency.State.IN_HAND)
    running = list(in_hand.select_related("case").select_for_update(of=("case", "self")))
    for emergency in running:
        emergency.state = Emergency.State.PAGING
        emergency.acknowledged_by = emergency.acknowledged_at = None
        emergency.save(update_fields=["state", "acknowledged_by", "acknowledged_at"])
        with acting(Actor.system("emergencies")):
            record_in_house("emergency.paged_on", emergency.case, at=now, emergency_id=emergency.pk)
    return len(running)


def _into_hands(case: Case, by: StaffMember, now: datetime) -> None:
    """Bring the case to tier 2 where it has a queue there, and into somebody's hands."""
    queues = Queue.objects.filter(tier=2, lob_id=case.lob_id)
    queue = queues.filter(language=case.language).first() or queues.order_by("pk").first()
    if case.tier == 1 and queue is not None:
        case.queue, case.tier, case.status = queue, 2, Case.Status.ESCALATED
    end_rest(by, now=now)  # they said themselves that they take it
    case.assignee, case.updated_at = by, now
    refresh_urgency(case)
    case.save(update_fields=["queue", "tier", "status", "assignee", "updated_at", "urgency"])


@transaction.atomic
def pass_on_missed_pages(*, now: datetime, within: timedelta, at_most: int = 50) -> int:
    """Page the next person of every emergency whose page was not taken in time; return how many.

    Two sweeps at once share the work; an emergency that somebody is taking is left alone.
    """
    in_time = EmergencyPage.objects.filter(
        emergency=OuterRef("pk"),
        missed_at__isnull=True,
        acknowledged_at__isnull=True,
        pass_on_at__gt=now,
    )
    late = Emergency.objects.filter(~Exists(in_time), state=Emergency.State.PAGING)
    locked = late.select_related("case").select_for_update(of=("case", "self"), skip_locked=True)
    passed_on = [_pass_on(each, now, within) for each in locked.order_by("pk")[:at_most]]
    return sum(passed_on)


def _pass_on(emergency: Emergency, now: datetime, within: timedelta) -> bool:
    waiting = emergency.pages.filter(missed_at__isnull=True, acknowledged_at__isnull=True)
    for page in waiting.select_related("staff"):
        page.missed_at = now
        page.save(update_fields=["missed_at"])
        record_in_house(
            "emergency.page_missed", emergency.case, at=now,
            emergency_id=emergency.pk, nth=page.nth, to_id=page.staff_id, to_name=page.staff.name,
        )  # fmt: skip
    return page_next(emergency, now=now, within=within) is not None


def tell_to_stand_down(emergency: Emergency, page_ids: set[int], *, now: datetime) -> None:
    """Tell those whose page was sent already that there is nothing to do any more."""
    for page in emergency.pages.filter(pk__in=page_ids).select_related("staff"):
        with in_language_of(page.staff):
            words = {"reference": emergency.case.reference}
            subject = _("Stand down: %(reference)s was a false alarm") % words
            text = _("The emergency on case %(reference)s was taken back. There is nothing to do.")
        for sent in page.alerts.filter(state=StaffAlert.State.SENT):
            StaffAlert.objects.create(
                staff=page.staff, case=emergency.case, page=page, kind="emergency.taken_back",
                channel=sent.channel, address=sent.address, subject=subject, text=text % words,
                payload={**sent.payload, "event": "emergency.taken_back", "at": now.isoformat()},
                created_at=now, send_after=now,
            )  # fmt: skip
