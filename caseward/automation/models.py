"""Rules, their versions, what they did, and how far the ledger has been read for them."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caseward.casework.models import Case
from caseward.org.models import LineOfBusiness, StaffMember


class Rule(models.Model):
    """When, if, then. One version of it may be on; files that leave it out take it out of use."""

    key = models.SlugField(unique=True)
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, null=True)  # None: for every LOB
    title = models.CharField(max_length=120)
    hourly_limit = models.PositiveIntegerField(default=200)  # then it is taken off by itself
    is_active = models.BooleanField(default=True, db_default=True)


class RuleVersion(models.Model):
    """`conditions` is what `core.conditions` reads, `deeds` what `automation.deeds` does.

    `trial` holds what the test against past cases found; without one a version cannot be on.
    """

    class State(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        TESTED = "TESTED", "Tested"
        ON = "ON", "On"
        OFF = "OFF", "Off"

    rule = models.ForeignKey(Rule, models.DB_CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=6, choices=State, default=State.DRAFT)
    kinds = ArrayField(models.CharField(max_length=40))  # of events it waits for
    after_minutes = models.PositiveIntegerField(default=0)
    conditions = models.JSONField(default=dict)
    deeds = models.JSONField(default=dict)
    author = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    written_at = models.DateTimeField()
    trial = models.JSONField(default=dict)
    tested_at = models.DateTimeField(null=True)
    turned_on_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    turned_on_at = models.DateTimeField(null=True)
    turned_off_at = models.DateTimeField(null=True)
    why_off = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "number"], name="rule_version_once"),
            models.UniqueConstraint(
                fields=["rule"], condition=Q(state="ON"), name="rule_one_version_on"
            ),
            models.CheckConstraint(
                name="rule_version_on_was_tested",
                condition=~Q(state="ON") | Q(tested_at__isnull=False, turned_on_at__isnull=False),
            ),
        ]


class RuleRun(models.Model):
    """A rule met an event. Once for each event, however often the ledger is read."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        DONE = "DONE", "Done"
        LEFT = "LEFT", "Left alone"
        FAILED = "FAILED", "Failed"
        UNDONE = "UNDONE", "Undone"

    rule = models.ForeignKey(Rule, models.DB_CASCADE, related_name="runs", db_index=False)
    version = models.ForeignKey(RuleVersion, models.DB_CASCADE, related_name="runs", db_index=False)
    event_id = models.BigIntegerField()
    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="rule_runs")
    depth = models.PositiveSmallIntegerField(default=1)  # 1: set off by a person or requester
    due_at = models.DateTimeField()
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    ran_at = models.DateTimeField(null=True)
    did = models.JSONField(default=list)  # what it did, with what was before
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rule", "event_id"], name="rule_run_once_an_event"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["due_at"], name="rule_run_due", condition=Q(state="WAITING")),
            models.Index(fields=["rule", "-id"], name="rule_run_of_rule"),
            models.Index(fields=["rule", "ran_at"], name="rule_run_lately"),
        ]


class Reader(models.Model):
    """How far the ledger has been read for rules; see `ledger.horizon`."""

    last_event_id = models.BigIntegerField(default=0)
    settling_event_id = models.BigIntegerField(default=0)
    settling_with = models.TextField(default="", blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="rule_reader_is_only_one", condition=Q(id=1)),
        ]
