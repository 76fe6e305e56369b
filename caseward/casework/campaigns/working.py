"""What campaigns mean to those who help: their next case, the macros offered first."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from caseward.casework.campaigns.choosing import add_fitting
from caseward.casework.models import Campaign, CampaignMember
from caseward.org.acting import Actor, acting
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import StaffMember

LOOKED_AT = 20  # of the most urgent: beyond these, the usual way finds something better

# From the campaign's side, so that the cost is bounded by its size, whatever else waits.
WAITING = """
    SELECT c.id, c.queue_id, c.reason_id, c.urgency, c.priority, c.channel, c.opened_at
    FROM casework_campaigncase m JOIN casework_case c ON c.id = m.case_id
    WHERE m.campaign_id = ANY(%s) AND m.is_open AND c.queue_id = ANY(%s)
        AND c.assignee_id IS NULL AND c.snoozed_until IS NULL
        AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
    ORDER BY c.urgency, c.id LIMIT %s
"""
FOR_OFFERS = """
    SELECT c.id, c.queue_id, c.reason_id, c.urgency, c.priority, c.channel, c.opened_at,
        array_agg(DISTINCT w.staff_id)
    FROM casework_campaignmember w
    JOIN casework_campaign k ON k.id = w.campaign_id AND k.state = 'RUNNING'
    JOIN casework_campaigncase m ON m.campaign_id = k.id AND m.is_open
    JOIN casework_case c ON c.id = m.case_id
    WHERE w.staff_id = ANY(%s) AND c.queue_id = ANY(%s)
        AND c.assignee_id IS NULL AND c.snoozed_until IS NULL
        AND c.status IN ('NEW', 'OPEN', 'REOPENED', 'ESCALATED')
        AND NOT EXISTS (SELECT FROM routing_offer o WHERE o.case_id = c.id AND o.outcome = '')
    GROUP BY c.id ORDER BY c.urgency, c.id LIMIT %s
"""
SETTLE = """
    UPDATE casework_campaigncase m
    SET is_open = c.status NOT IN ('RESOLVED', 'CLOSED')
    FROM casework_case c, casework_campaign k
    WHERE c.id = m.case_id AND k.id = m.campaign_id AND k.state <> 'STOPPED'
        AND m.is_open <> (c.status NOT IN ('RESOLVED', 'CLOSED'))
"""


@kept_per_revision
def campaigns_of(staff_id: int) -> list[int]:
    """Return the running campaigns somebody helps with."""
    with acting(Actor.system("campaigns")):
        mine = CampaignMember.objects.filter(
            staff_id=staff_id, campaign__state=Campaign.State.RUNNING
        )
        return list(mine.order_by("campaign").values_list("campaign_id", flat=True))


def waiting_in_campaigns(staff_id: int, *, queue_ids: Sequence[int]) -> list[tuple[Any, ...]]:
    """Return the most urgent waiting cases of the campaigns somebody helps with, in some queues.

    Rows are what `assigning.matching.Waiting` holds. Nothing is asked for those who help nowhere.
    """
    mine = campaigns_of(staff_id)
    if not mine:
        return []
    with connection.cursor() as cursor:
        cursor.execute(WAITING, [mine, list(queue_ids), LOOKED_AT])
        return list(cursor.fetchall())


def waiting_for_helpers(
    people: Sequence[int], *, queue_ids: Sequence[int], at_most: int
) -> list[tuple[tuple[Any, ...], frozenset[int]]]:
    """Return what nobody is offered of the campaigns these people help with, and who helps there.

    Rows as for `waiting_in_campaigns`. Nothing is asked where nobody helps anywhere.
    """
    helpers = [staff_id for staff_id in people if campaigns_of(staff_id)]
    if not helpers:
        return []
    with connection.cursor() as cursor:
        cursor.execute(FOR_OFFERS, [helpers, list(queue_ids), at_most])
        return [(row[:-1], frozenset(row[-1])) for row in cursor.fetchall()]


@kept_per_revision
def _macros_of(staff_id: int) -> tuple[str, ...]:
    mine = campaigns_of(staff_id)
    with acting(Actor.system("campaigns")):
        chosen = (
            Campaign.objects.filter(pk__in=mine).order_by("pk").values_list("macros", flat=True)
        )
        return tuple(dict.fromkeys(key for keys in chosen for key in keys))


def macros_first(*, staff: StaffMember) -> tuple[str, ...]:
    """Return the keys of the macros to offer before others to somebody who helps."""
    return _macros_of(staff.pk)


@transaction.atomic
def sweep(*, now: datetime) -> int:
    """Note which cases are finished, and let those that came to fit join; return how many."""
    with connection.cursor() as cursor:
        cursor.execute(SETTLE)
        settled = int(cursor.rowcount)
    growing = Campaign.objects.filter(state=Campaign.State.RUNNING, takes_new=True)
    joined = [
        add_fitting(campaign, by=campaign.started_by, now=now)
        for campaign in growing.select_related("started_by").order_by("pk")
    ]
    return settled + sum(joined)
