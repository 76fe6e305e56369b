"""Facts folded from the ledger: what a case did, what it adds to each metric, the sums of a day.

Ids of other packages are plain numbers: a fact outlives what it was about, and is folded again from
the ledger whenever it is in doubt. In `Outcome` and `Daily` the number 0 stands for nobody.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q


class CaseFact(models.Model):
    """One case as the ledger tells it: its times, its promises, its rating, its last workplace."""

    case_id = models.BigIntegerField(primary_key=True)
    reference = models.CharField(max_length=13)
    lob_id = models.BigIntegerField()
    reason_id = models.BigIntegerField(null=True)
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=10)
    vendor_id = models.BigIntegerField(null=True)
    team_id = models.BigIntegerField(null=True)  # of whoever answered last, else of nobody
    site_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    first_due_at = models.DateTimeField(null=True)  # as promised when the case was opened
    first_replied_at = models.DateTimeField(null=True)
    first_reply_met = models.BooleanField(null=True)
    resolution_due_at = models.DateTimeField(null=True)  # as promised when the case was opened
    resolved_at = models.DateTimeField(null=True)
    resolution_met = models.BooleanField(null=True)
    is_finished = models.BooleanField(default=False)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    escalated_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=9, blank=True)
    verdict_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    rated_at = models.DateTimeField(null=True)
    is_left_out = models.BooleanField(default=False)  # merged duplicates

    class Meta:
        indexes: ClassVar = [models.Index(fields=["opened_at"], name="fact_opened")]


class Dimensions(models.Model):
    """What every figure can be narrowed to and split by. `day` is cut in the reporting zone."""

    metric = models.CharField(max_length=20)
    part = models.CharField(max_length=10)  # which of the metric's parts, such as MET or MISSED
    day = models.DateField()
    site_id = models.BigIntegerField()
    vendor_id = models.BigIntegerField()
    team_id = models.BigIntegerField()
    lob_id = models.BigIntegerField()

    class Meta:
        abstract = True


class Outcome(Dimensions):
    """What one case adds to one metric, such as "answered in time on 3 March by team Alpha".

    A figure is the number of such rows, and the list behind it is these rows: they cannot differ.
    """

    pk = models.CompositePrimaryKey("case_id", "metric", "nth")
    case_id = models.BigIntegerField()
    nth = models.PositiveSmallIntegerField()  # a case may come in, and go out, more than once
    at = models.DateTimeField()
    language = models.CharField(max_length=2)
    channel = models.CharField(max_length=10)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["metric", "day", "at", "case_id", "nth"], name="outcome_of_metric"
            ),
        ]


class Daily(Dimensions):
    """How many outcomes of one kind a day had: what pages add up, however many cases there are."""

    KEY: ClassVar = ("day", "metric", "part", "site_id", "vendor_id", "team_id", "lob_id")

    cases = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["day", "metric", "part", "site_id", "vendor_id", "team_id", "lob_id"],
                name="daily_once",
            ),
            models.CheckConstraint(name="daily_counts_up", condition=Q(cases__gte=0)),
        ]
        indexes: ClassVar = [
            models.Index(fields=["day"], name="daily_empty", condition=Q(cases=0)),
        ]


class Target(models.Model):
    """The value promised for a metric, for one line of business or for all that name none."""

    metric = models.CharField(max_length=20)
    lob_id = models.BigIntegerField(null=True)
    value = models.FloatField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["metric", "lob_id"], nulls_distinct=False, name="target_once"
            ),
            models.CheckConstraint(
                name="target_is_a_share", condition=Q(value__gt=0, value__lte=1)
            ),
        ]


class Freshness(models.Model):
    """How far the facts are filled, and the zone their days are cut in.

    Every event up to `last_event_id` is folded. Events up to `settling_event_id` follow once the
    transactions named in `settling_with`, which were writing when it was noted, are over.
    """

    last_event_id = models.BigIntegerField(default=0)
    settling_event_id = models.BigIntegerField(default=0, db_default=0)
    settling_with = models.TextField(default="", db_default="", blank=True)
    filled_at = models.DateTimeField(null=True)
    zone = models.CharField(max_length=60, default="", db_default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="freshness_is_only_one", condition=models.Q(id=1)),
        ]
