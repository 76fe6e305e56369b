"""Every metric: first in words a manager can argue with, then in parts that add up.

A case adds outcomes to a metric, each with a part. A share is the number of outcomes in `counted`
parts, divided by the number in `out_of` parts; the division always comes last.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from caseward.metrics import contributions
from caseward.metrics.contributions import Contribution
from caseward.metrics.story import Story

type Words = str | Lazy
SMALLEST_SAMPLE = 15  # below this, a share is shown as an interval without a point


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What a figure means.

    `parts` names each part of it. `better` says which way is better: higher, lower or neither.
    `matures_after` is how many days must pass before a day's outcomes are final.
    """

    key: str
    name: Words
    question: Words
    counted: Words
    out_of: Words = ""
    leaves_out: Words = field(default_factory=lambda: _("merged duplicates"))
    clock: Words = field(default_factory=lambda: _("calendar time"))
    day: Words
    place: Words
    parts: Mapping[str, Words]
    counted_parts: frozenset[str]
    out_of_parts: frozenset[str] = frozenset()
    better: str = "neither"
    target: float | None = None
    matures_after: int = 0
    is_as_of: bool = False
    outcomes: Callable[[Story], Iterator[Contribution]]

    @property
    def is_share(self) -> bool:
        return bool(self.out_of_parts)


LAST_PLACE = _("the team and site of whoever answered or resolved last")
RAISED_PLACE = _("the team and site of whoever escalated")
DECIDED = _("the day it was decided: stopped by us, or passed without us")
PROMISED = _(
    "the clock of the promise: elapsed or working time, held while we wait for the requester"
)

CASES_IN = Metric(
    key="cases_in",
    name=_("Cases in"),
    question=_("How much work came to us?"),
    counted=_("cases opened, and cases opened again after their final answer"),
    day=_("the day the case was opened or reopened"),
    place=LAST_PLACE,
    parts={"OPENED": _("Opened"), "REOPENED": _("Reopened")},
    counted_parts=frozenset({"OPENED", "REOPENED"}),
    outcomes=contributions.came_in,
)
CASES_OUT = Metric(
    key="cases_out",
    name=_("Cases out"),
    question=_("How much work did we finish?"),
    counted=_("final answers given; a case resolved again after it was reopened counts again"),
    day=_("the day the case was resolved"),
    place=LAST_PLACE,
    parts={"RESOLVED": _("Resolved")},
    counted_parts=frozenset({"RESOLVED"}),
    outcomes=contributions.went_out,
)
BACKLOG = Metric(
    key="backlog",
    name=_("Backlog"),
    question=_("How many people still wait for their final answer, and for how long?"),
    counted=_("cases without a final answer now, also those pending on the requester"),
    day=_("now; a day's end is today's backlog less what came in since, plus what went out"),
    place=LAST_PLACE,
    parts={"OPEN": _("Open")},
    counted_parts=frozenset({"OPEN"}),
    is_as_of=True,
    outcomes=contributions.is_open,
)
FIRST_RESPONSE = Metric(
    key="first_response",
    name=_("First response in time"),
    question=_("How many people heard from us by the time we promised?"),
    counted=_("cases first answered by a person at or before their deadline"),
    out_of=_("cases answered, and cases whose deadline passed unanswered"),
    leaves_out=_("merged duplicates; cases not answered whose deadline is still to come"),
    clock=PROMISED,
    day=DECIDED,
    place=_("the team and site of whoever answered first; nobody while unanswered"),
    parts={"MET": _("In time"), "MISSED": _("Late")},
    counted_parts=frozenset({"MET"}),
    out_of_parts=frozenset({"MET", "MISSED"}),
    better="higher",
    target=0.9,
    outcomes=contributions.first_response,
)
RESOLUTION = Metric(
    key="resolution",
    name=_("Resolution in time"),
    question=_("How many people had their final answer by the time we promised?"),
    counted=_("cases resolved at or before their deadline"),
    out_of=_("cases resolved, and cases whose deadline passed unresolved"),
    leaves_out=_(
        "merged duplicates; open cases whose deadline is still to come; of a reopened case,"
        " what was decided before"
    ),
    clock=PROMISED,
    day=DECIDED,
    place=_("the team and site of whoever resolved; nobody while unresolved"),
    parts={"MET": _("In time"), "MISSED": _("Late")},
    counted_parts=frozenset({"MET"}),
    out_of_parts=frozenset({"MET", "MISSED"}),
    better="higher",
    target=0.9,
    outcomes=contributions.resolution,
)
CSAT = Metric(
    key="csat",
    name=_("CSAT"),
    question=_("How many of those who rated us were satisfied?"),
    counted=_("ratings of 4 or 5"),
    out_of=_("ratings; of one case the last rating wins"),
    leaves_out=_("merged duplicates; everybody who did not answer (see the response rate)"),
    day=_("the day of the rating"),
    place=LAST_PLACE,
    parts={"SATISFIED": _("Rated 4 or 5"), "OTHER": _("Rated 1 to 3")},
    counted_parts=frozenset({"SATISFIED"}),
    out_of_parts=frozenset({"SATISFIED", "OTHER"}),
    better="higher",
    target=0.85,
    outcomes=contributions.satisfaction,
)
RESPONSE_RATE = Metric(
    key="response_rate",
    name=_("Survey response rate"),
    question=_("How many of those we asked told us what they thought?"),
    counted=_("surveys answered"),
    out_of=_("surveys sent"),
    day=_("the day the survey was sent"),
    place=LAST_PLACE,
    parts={"ANSWERED": _("Answered"), "SILENT": _("Not answered")},
    counted_parts=frozenset({"ANSWERED"}),
    out_of_parts=frozenset({"ANSWERED", "SILENT"}),
    better="higher",
    outcomes=contributions.response,
)
ESCALATION_RATE = Metric(
    key="escalation_rate",
    name=_("Escalation rate"),
    question=_("How much of what tier 1 handles goes on to tier 2?"),
    counted=_("cases escalated; a case escalated twice counts once"),
    out_of=_("cases tier 1 escalated, or resolved by itself"),
    leaves_out=_("merged duplicates; cases tier 1 has not finished; cases that began in tier 2"),
    day=_("the day of the first escalation, or of the resolution"),
    place=_("the team and site of whoever escalated or resolved"),
    parts={"ESCALATED": _("Escalated"), "RESOLVED": _("Resolved by tier 1")},
    counted_parts=frozenset({"ESCALATED"}),
    out_of_parts=frozenset({"ESCALATED", "RESOLVED"}),
    outcomes=contributions.tier_1_handled,
)
VERDICTS = Metric(
    key="verdicts",
    name=_("Escalations that were needed"),
    question=_("How many of the judged escalations did tier 2 find needed?"),
    counted=_("escalations judged needed"),
    out_of=_("escalations judged: needed, avoidable or wrong line of business"),
    leaves_out=_("merged duplicates; escalations not judged yet, which are shown beside it"),
    day=_("the day of the escalation"),
    place=RAISED_PLACE,
    parts={
        "NEEDED": _("Needed"),
        "AVOIDABLE": _("Avoidable"),
        "WRONG_LOB": _("Wrong line of business"),
        "UNJUDGED": _("Not judged yet"),
    },
    counted_parts=frozenset({"NEEDED"}),
    out_of_parts=frozenset({"NEEDED", "AVOIDABLE", "WRONG_LOB"}),
    better="higher",
    outcomes=contributions.verdicts,
)
REOPEN_RATE = Metric(
    key="reopen_rate",
    name=_("Reopened within 7 days"),
    question=_("How many final answers did not last a week?"),
    counted=_("resolutions followed by a reopening within 7 days"),
    out_of=_("resolutions"),
    leaves_out=_("merged duplicates; the last 7 days, which cannot be known yet"),
    day=_("the day of the resolution, once 7 days have passed"),
    place=LAST_PLACE,
    parts={"REOPENED": _("Reopened"), "STAYED": _("Stayed resolved")},
    counted_parts=frozenset({"REOPENED"}),
    out_of_parts=frozenset({"REOPENED", "STAYED"}),
    better="lower",
    matures_after=7,
    outcomes=contributions.came_back,
)

METRICS = {
    metric.key: metric
    for metric in (
        CSAT,
        FIRST_RESPONSE,
        RESOLUTION,
        BACKLOG,
        CASES_IN,
        CASES_OUT,
        ESCALATION_RATE,
        VERDICTS,
        RESPONSE_RATE,
        REOPEN_RATE,
    )
}
