"""Which cases a campaign is about, as lists of cases are narrowed, and in words."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.casework import campaigns
from caseward.casework.campaigns.choosing import MOST
from caseward.org.models import StaffMember
from caseward.routing import queries as routing
from caseward.web.views.desk import filtering
from caseward.web.views.desk.filtering import Wanted
from caseward.web.views.desk.listed import case_list_at
from caseward.web.views.lead import words


@dataclass(frozen=True, slots=True)
class Chosen:
    """The filters asked for, and what they come to now."""

    wanted: Wanted
    query: str
    count: int
    helpers: list[StaffMember]
    lob_ids: list[int]

    @property
    def shown_count(self) -> str:
        return words.whole(min(self.count, MOST)) + ("+" if self.count > MOST else "")


def chosen(query: QueryDict, *, by: StaffMember, now: datetime) -> Chosen:
    """Return the cases an address asks for; no filter stands for every unfinished case."""
    case_list = case_list_at(reverse("unfinished"), by)
    wanted = filtering.read(query, case_list, by)
    said = urlencode({field["name"]: field["value"] for field in wanted.shown if field["value"]})
    queue_ids = campaigns.queues_fitting(said, by=by, now=now)
    known = routing.queues()
    return Chosen(
        wanted,
        said,
        campaigns.count_fitting(said, by=by, now=now),
        campaigns.helpers_for(queue_ids),
        sorted({known[pk].lob_id for pk in queue_ids}),
    )


def said_of(wanted: Wanted) -> str:
    """Say what cases are narrowed to: "Malay · Account Security · Older than 2 days"."""
    parts = [
        dict(field["options"]).get(field["value"], "") if field["options"] else field["value"]
        for field in wanted.shown
        if field["value"]
    ]
    return " · ".join(str(part) for part in parts) or _("Every unfinished case")
