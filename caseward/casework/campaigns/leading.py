"""Starting a campaign, changing it, pausing it, ending it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from caseward.casework.access import MOVES_ANY_CASE, lobs_of
from caseward.casework.campaigns.choosing import add_fitting, queues_fitting
from caseward.casework.models import Campaign, CampaignCase, CampaignMember
from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import StaffMember
from caseward.routing import queries as routing

RESTORED_WITHIN = timedelta(days=1)


class NoSuchCampaign(Exception):
    """No such campaign, or not for this person: those who move any case lead campaigns."""


class NoCaseFits(Exception):
    """No unfinished case fits: there is nothing to clear."""


class CampaignChanged(Exception):
    """Another lead changed the campaign after the page was shown; nothing was done."""


class CampaignOver(Exception):
    """The campaign was stopped: it cannot be changed or started again."""


class CannotHelp(Exception):
    """Some of the people may take from none of the queues; `names` says who."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a lead decides; with `takes_new`, cases that come to fit join."""

    name: str
    goal_at: datetime
    members: Collection[StaffMember]
    macros: Collection[str] = ()
    takes_new: bool = False


def campaign_of(*, campaign_id: int, by: StaffMember) -> Campaign:
    """Return a campaign to somebody who leads.

    Raises:
        NoSuchCampaign: see there.
    """
    campaign = campaigns_seen_by(by).filter(pk=campaign_id).first()
    if campaign is None:
        raise NoSuchCampaign(campaign_id)
    return campaign


def campaigns_seen_by(by: StaffMember) -> QuerySet[Campaign]:
    """Return what somebody leads: campaigns of theirs, and those on cases of their lines alone."""
    if by.role not in MOVES_ANY_CASE:
        return Campaign.objects.none()
    of_campaign = CampaignCase.objects.filter(campaign=OuterRef("pk"))
    foreign = of_campaign.exclude(case__lob_id__in=lobs_of(by))
    campaigns = Campaign.objects.select_related("started_by")
    return campaigns.filter(Q(started_by=by) | ~Exists(foreign))


@transaction.atomic
def start_campaign(*, by: StaffMember, query: str, plan: Plan, now: datetime) -> Campaign:
    """Choose the cases that fit now, and give them to the members' hands first from now on.

    Args:
        query: What the list of unfinished cases is narrowed to, as its address says it.
    Raises:
        NoSuchCampaign: this person leads none.
        NoCaseFits, CannotHelp: see there.
    """
    if by.role not in MOVES_ANY_CASE:
        raise NoSuchCampaign(by.pk)
    _refuse_who_cannot_help(query, plan, by, now)
    campaign = Campaign.objects.create(query=query, started_by=by, started_at=now, **_facts(plan))
    cases = add_fitting(campaign, by=by, now=now)
    if not cases:
        raise NoCaseFits(query)
    _set_members(campaign, plan, now)
    leave_trace("campaign.started", campaign, by, now, cases=cases, members=_ids(plan))
    return campaign


@transaction.atomic
def change_campaign(
    *, campaign_id: int, by: StaffMember, plan: Plan, seen: int, now: datetime
) -> Campaign:
    """Change everything but which cases it began with.

    Args:
        seen: The revision the person had seen.
    Raises:
        NoSuchCampaign, CampaignOver, CampaignChanged, CannotHelp: see there.
    """
    campaign = _to_change(campaign_id, by, seen)
    _refuse_who_cannot_help(campaign.query, plan, campaign.started_by, now)
    for name, value in _facts(plan).items():
        setattr(campaign, name, value)
    _save(campaign)
    _set_members(campaign, plan, now)
    leave_trace("campaign.changed", campaign, by, now, members=_ids(plan))
    return campaign


@transaction.atomic
def pause_campaign(*, campaign_id: int, by: StaffMember, seen: int, now: datetime) -> Campaign:
    """Let the members work as usual until it goes on."""
    campaign = _to_change(campaign_id, by, seen)
    if _goes_over_to(Campaign.State.PAUSED, campaign):
        leave_trace("campaign.paused", campaign, by, now)
    return campaign


@transaction.atomic
def resume_campaign(*, campaign_id: int, by: StaffMember, seen: int, now: datetime) -> Campaign:
    campaign = _to_change(campaign_id, by, seen)
    if _goes_over_to(Campaign.State.RUNNING, campaign):
        leave_trace("campaign.resumed", campaign, by, now)
    return campaign


@transaction.atomic
def stop_campaign(*, campaign_id: int, by: StaffMember, seen: int, now: datetime) -> Campaign:
    """End it for good: its members work as usual again. Cases in hand stay there."""
    campaign = _to_change(campaign_id, by, seen)
    before, campaign.ended_at = campaign.state, now
    if _goes_over_to(Campaign.State.STOPPED, campaign):
        leave_trace("campaign.stopped", campaign, by, now, before=before)
    return campaign


def may_be_restored(campaign: Campaign, *, now: datetime) -> bool:
    """Say whether the end of a campaign can still be taken back."""
    return campaign.ended_at is not None and now < campaign.ended_at + RESTORED_WITHIN


@transaction.atomic
def restore_campaign(*, campaign_id: int, by: StaffMember, now: datetime) -> Campaign:
    """Take back that it was stopped: it runs, or is paused, as before. Twice is as once.

    Raises:
        NoSuchCampaign: see there.
        CampaignOver: it was stopped too long ago.
    """
    campaign_of(campaign_id=campaign_id, by=by)
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    if campaign.state != Campaign.State.STOPPED:
        return campaign
    if not may_be_restored(campaign, now=now):
        raise CampaignOver(campaign_id)
    before, campaign.ended_at = _state_before_the_end(campaign), None
    _goes_over_to(before, campaign)
    leave_trace("campaign.restored", campaign, by, now, state=before)
    return campaign


def _state_before_the_end(campaign: Campaign) -> str:
    ends = Event.objects.filter(kind="campaign.stopped", data__campaign_id=campaign.pk)
    end = ends.filter(at__gte=campaign.ended_at or campaign.started_at).first()
    return str(end.data.get("before", Campaign.State.RUNNING)) if end else Campaign.State.RUNNING


def _goes_over_to(state: str, campaign: Campaign) -> bool:
    """Save the new state; return False where the campaign is in it already."""
    if campaign.state == state:
        return False
    campaign.state = state
    _save(campaign)
    return True


def _to_change(campaign_id: int, by: StaffMember, seen: int) -> Campaign:
    campaign_of(campaign_id=campaign_id, by=by)
    campaign = Campaign.objects.select_for_update().get(pk=campaign_id)
    if campaign.state == Campaign.State.STOPPED:
        raise CampaignOver(campaign_id)
    if campaign.revision != seen:
        raise CampaignChanged(campaign_id)
    return campaign


def _save(campaign: Campaign) -> None:
    campaign.revision += 1
    campaign.save()
    look_again()


def _facts(plan: Plan) -> dict[str, object]:
    return {
        "name": plan.name,
        "goal_at": plan.goal_at,
        "macros": list(plan.macros),
        "takes_new": plan.takes_new,
    }


def _ids(plan: Plan) -> list[int]:
    return sorted(member.pk for member in plan.members)


def _refuse_who_cannot_help(query: str, plan: Plan, by: StaffMember, now: datetime) -> None:
    queues = queues_fitting(query, by=by, now=now)
    if not queues:
        return  # nothing fits any more: whoever was asked may stay
    useless = [m.name for m in plan.members if not queues & set(routing.own_queues(m.pk))]
    if useless:
        raise CannotHelp(sorted(useless))


def _set_members(campaign: Campaign, plan: Plan, now: datetime) -> None:
    campaign.members.exclude(staff__in=plan.members).delete()
    known = set(campaign.members.values_list("staff_id", flat=True))
    CampaignMember.objects.bulk_create(
        CampaignMember(campaign=campaign, staff=member, since=now)
        for member in plan.members
        if member.pk not in known
    )
    look_again()


def leave_trace(
    kind: str, campaign: Campaign, by: StaffMember, now: datetime, **data: object
) -> None:
    ledger.record(
        kind,
        at=now,
        actor_id=by.pk,
        actor_name=by.name,
        audience=Event.Audience.IN_HOUSE,
        data={"campaign_id": campaign.pk, "name": campaign.name, **data},
    )
