"""Leads at work on the backlog: campaigns, one thing done to many cases, old cases looked at."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Q

from caseward.casework.bulk import choosing, running
from caseward.casework.campaigns.leading import leave_trace
from caseward.casework.models import (
    BulkAction,
    Campaign,
    CampaignCase,
    CampaignMember,
    Case,
    CaseReview,
)
from caseward.casework.services.reviewing import Review, review_case
from caseward.casework.services.saving_filters import Audience, save_filter
from caseward.jobs.demo.scenes.stage import Stage, as_, person
from caseward.org.models import StaffMember
from caseward.routing import queries as routing

TAGGED = 40
REVIEWED = 4
KEPT = (
    ("The review team decides on Thursday; ask them if nothing came by then.", 2),
    ("The requester sends the court's letter at the end of the week.", 4),
    ("Waits for the fix of the sign-in loop; the product team gave a day.", 6),
    ("Two claims on one account: a second specialist looks tomorrow.", 1),
)
VIEWS = (
    ("rohan-malhotra", "Due today, English", "desk/queues/?due=today&language=en", True),
    ("ananya-deshpande", "Older than three days", "desk/unfinished?age=3-7", False),
)


def play(stage: Stage) -> None:
    lead = person("ananya-deshpande")
    _campaign(
        stage, lead, "Malay cases of the last week", {"language": "ms"},
        began_at=stage.ago(days=2, hours=4), goal_at=stage.ago(days=-2), ended_at=None,
    )  # fmt: skip
    _campaign(
        stage, lead, "Accounts of the incident", {"lob__key": "account-security", "language": "en"},
        began_at=stage.ago(days=20), goal_at=stage.ago(days=15),
        ended_at=stage.ago(days=15, hours=3),
    )  # fmt: skip
    _tag_many(stage, person("priyanka-bhalla"))
    _review(stage, lead)
    _share_views()


def _campaign(
    stage: Stage,
    lead: StaffMember,
    name: str,
    about: dict[str, str],
    *,
    began_at: datetime,
    goal_at: datetime,
    ended_at: datetime | None,
) -> None:
    """Write down a campaign with the cases that were open as it began, so that it burns down."""
    cases = _open_at(began_at, about)
    members = _members(cases)
    query = "language=ms" if about == {"language": "ms"} else "language=en"
    campaign = Campaign.objects.create(
        name=name,
        query=query,
        goal_at=goal_at,
        started_by=lead,
        started_at=began_at,
        ended_at=ended_at,
        state=Campaign.State.STOPPED if ended_at else Campaign.State.RUNNING,
        macros=["need-more", "account-back"],
    )
    CampaignCase.objects.bulk_create(
        CampaignCase(campaign=campaign, case=c, added_at=began_at, is_open=not c.is_finished)
        for c in cases
    )
    CampaignMember.objects.bulk_create(
        CampaignMember(campaign=campaign, staff=member, since=began_at) for member in members
    )
    ids = sorted(member.pk for member in members)
    leave_trace("campaign.started", campaign, lead, began_at, cases=len(cases), members=ids)
    if ended_at:
        leave_trace("campaign.stopped", campaign, lead, ended_at)


def _open_at(at: datetime, about: dict[str, str]) -> list[Case]:
    was_open = Q(resolved_at__isnull=True) | Q(resolved_at__gt=at)
    found = Case.objects.filter(was_open, opened_at__lt=at, merged_into=None, **about)
    return list(found.order_by("-opened_at", "pk")[:150])


def _members(cases: Sequence[Case]) -> list[StaffMember]:
    """Return some who take from the queues of these cases."""
    queues = {case.queue_id for case in cases}
    agents = StaffMember.objects.filter(role="AGENT", is_active=True).order_by("key")
    able = [agent for agent in agents if queues & set(routing.own_queues(agent.pk))]
    return able[:4]


def _tag_many(stage: Stage, lead: StaffMember) -> None:
    found = Case.objects.filter(
        status__in=Case.UNFINISHED, lob__key="account-security", updated_at__lt=stage.ago(hours=1)
    ).order_by("pk")
    references = list(found.values_list("reference", flat=True)[:TAGGED])
    if not references:
        return  # a demo of a few cases
    with as_(lead):
        action = choosing.choose_cases(
            by=lead,
            references=references,
            address="/desk/unfinished",
            now=stage.ago(minutes=30),
        )
        choosing.decide(
            action_id=action.pk, kind=BulkAction.Kind.TAG, about={"tag": "badge-wave"}, by=lead
        )
        choosing.start(action_id=action.pk, by=lead, now=stage.ago(minutes=29))
    while running.carry_on(action_id=action.pk, now=stage.ago(minutes=28)):
        pass


def _review(stage: Stage, lead: StaffMember) -> None:
    old = stage.cases(REVIEWED, opened_at__lt=stage.ago(days=4))
    for case, (step, days) in zip(old, KEPT, strict=False):
        at = stage.moment(case, hours=3)
        review = Review(
            outcome=CaseReview.Outcome.KEPT, next_step=step, look_again_at=at + timedelta(days=days)
        )
        with as_(lead):
            review_case(reference=case.reference, by=lead, review=review, now=at)


def _share_views() -> None:
    for key, name, query, is_shared in VIEWS:
        by = person(key)
        audience = Audience(team_id=by.team_id) if is_shared else Audience()
        with as_(by):
            save_filter(by=by, name=name, query=f"/{query}", audience=audience)
