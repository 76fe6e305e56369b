"""Which cases a campaign is about, by what a list of cases is narrowed to."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection
from django.db.models import Q

from caseward.casework import access
from caseward.casework.listing.conditions import Conditions
from caseward.casework.listing.filters import Filters
from caseward.casework.listing.piles import Pile
from caseward.casework.models import Campaign
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.routing import queries as routing

MOST = 20_000

COUNT = "SELECT count(*) FROM (SELECT FROM casework_case c WHERE {where} LIMIT %s) counted"
QUEUES = "SELECT DISTINCT c.queue_id FROM casework_case c WHERE {where}"
ADD = """
    INSERT INTO casework_campaigncase (campaign_id, case_id, added_at, is_open)
    SELECT %s, c.id, %s, true FROM casework_case c WHERE {where}
        AND NOT EXISTS (SELECT FROM casework_campaigncase m
            WHERE m.campaign_id = %s AND m.case_id = c.id)
    ORDER BY c.urgency, c.id LIMIT %s
"""


def fitting(query: str, *, by: StaffMember, now: datetime) -> Conditions:
    """Return what the unfinished cases fulfil that fit a narrowed list and somebody may see."""
    filters = Filters.named(dict(parse_qsl(query)))
    lobs = access.lobs_of(by)
    every = Pile.unfinished(q.pk for q in routing.queues().values() if q.lob_id in lobs)
    pile = every.narrowed_by(filters)
    wanted = pile.conditions(by)
    wanted.add("c.queue_id = ANY(%s)", list(pile.queues or ()))
    return wanted.joined(filters.conditions(now=now, day_ends_at=_day_ends_at(by, now)))


def _day_ends_at(staff: StaffMember, now: datetime) -> datetime:
    site = org.sites().get(staff.site_id or 0)
    here = now.astimezone(ZoneInfo(site.timezone if site else settings.TIME_ZONE))
    return here.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def count_fitting(query: str, *, by: StaffMember, now: datetime) -> int:
    """Count the cases a campaign would begin with; exact up to `MOST`."""
    wanted = fitting(query, by=by, now=now)
    with connection.cursor() as cursor:
        cursor.execute(COUNT.format(where=wanted.sql), [*wanted.values, MOST + 1])
        return int(cursor.fetchone()[0])


def queues_fitting(query: str, *, by: StaffMember, now: datetime) -> set[int]:
    """Return the queues the cases wait in: who may take from none of them cannot help."""
    wanted = fitting(query, by=by, now=now)
    with connection.cursor() as cursor:
        cursor.execute(QUEUES.format(where=wanted.sql), wanted.values)
        return {row[0] for row in cursor}


def add_fitting(campaign: Campaign, *, by: StaffMember, now: datetime) -> int:
    """Let the cases that fit and are no part of a campaign yet join it; return how many."""
    wanted = fitting(campaign.query, by=by, now=now)
    with connection.cursor() as cursor:
        cursor.execute(
            ADD.format(where=wanted.sql), [campaign.pk, now, *wanted.values, campaign.pk, MOST]
        )
        return int(cursor.rowcount)


def helpers_for(queue_ids: Iterable[int]) -> list[StaffMember]:
    """Return who may take cases from at least one of some queues, by name."""
    known, fits = routing.queues(), Q(pk__in=[])
    for queue_id in queue_ids:
        queue = known[queue_id]
        fits |= Q(
            vendor=queue.vendor_id,
            team__tier=queue.tier,
            skills__lob=queue.lob_id,
            skills__language=queue.language,
        )
    people = StaffMember.objects.filter(fits, is_active=True).select_related("team", "vendor")
    return list(people.distinct().order_by("name", "pk"))
