"""What was met, what may be met, and what is not wanted: tables of the schema `wellbeing`."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from caseward.org.models import LineOfBusiness, StaffMember, Vendor


def in_schema(name: str) -> str:
    """Return a table's name as Django takes one of another schema."""
    return f'"wellbeing"."{name}"'


class Modality(models.TextChoices):
    TEXT = "TEXT", "Text"
    VOICE = "VOICE", "Voice"
    PICTURE = "PICTURE", "Picture"
    VIDEO = "VIDEO", "Video"


class Source(models.TextChoices):
    HELD = "HELD", "A case in one's own hands"
    READ = "READ", "A case opened to read it"


class _Seen(models.Model):
    """What was on the screen. `weight` and `cap_minutes` are the rules that held at the time."""

    case_id = models.BigIntegerField()
    category = models.SlugField(max_length=30, blank=True, db_index=False)
    severity = models.PositiveSmallIntegerField()
    modality = models.CharField(max_length=7, choices=Modality)
    source = models.CharField(max_length=4, choices=Source)
    weight = models.FloatField()
    cap_minutes = models.FloatField()
    shift_on = models.DateField()  # the day the shift began, at the site of the person
    began_at = models.DateTimeField()

    class Meta:
        abstract = True


class Exposure(_Seen):
    """A case that was on somebody's screen for `[began_at, ended_at)`. Never changed or removed."""

    staff = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    ended_at = models.DateTimeField()
    seconds = models.FloatField()

    class Meta:
        db_table = in_schema("exposure")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="exposure_ends_after_it_began", condition=Q(ended_at__gte=models.F("began_at"))
            ),
            models.CheckConstraint(
                name="exposure_severity_0_to_4", condition=Q(severity__gte=0, severity__lte=4)
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["staff", "ended_at"], name="exposure_of_staff"),
            models.Index(fields=["shift_on"], name="exposure_of_day"),
        ]


class Looking(_Seen):
    """What is on somebody's screen now; it counts up to `counts_until` unless heard of again."""

    staff = models.OneToOneField(StaffMember, models.DB_CASCADE, primary_key=True, related_name="+")
    counts_until = models.DateTimeField()

    class Meta:
        db_table = in_schema("looking")
        indexes: ClassVar = [models.Index(fields=["counts_until"], name="looking_until")]


class CapsVersion(models.Model):
    """Caps for whoever they fit; the newest version of each scope holds, the strictest of all wins.

    An empty scope fits everybody. Weights are not a clinical measure.
    """

    role = models.CharField(max_length=20, choices=StaffMember.Role, blank=True)
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, null=True, related_name="+")
    vendor = models.ForeignKey(Vendor, models.DB_CASCADE, null=True, related_name="+")
    version = models.PositiveIntegerField()
    caps = models.JSONField()  # what differs from the defaults of `core.exposure.Caps`
    why = models.CharField(max_length=200)
    set_by = models.ForeignKey(StaffMember, models.DB_SET_NULL, null=True, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        db_table = in_schema("capsversion")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role", "lob", "vendor", "version"],
                name="caps_version_once",
                nulls_distinct=False,
            ),
        ]


class OptOut(models.Model):
    """A category somebody does not want to meet. Nobody else sees it, and nobody asks why."""

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="+")
    category = models.SlugField(max_length=30, db_index=False)
    since = models.DateTimeField()

    class Meta:
        db_table = in_schema("optout")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["staff", "category"], name="opt_out_once"),
        ]


class Stop(models.Model):
    """What somebody gave back when they had to stop, for as long as it can be undone."""

    staff = models.OneToOneField(StaffMember, models.DB_CASCADE, primary_key=True, related_name="+")
    at = models.DateTimeField()
    references = ArrayField(models.CharField(max_length=13), default=list)

    class Meta:
        db_table = in_schema("stop")


class Consent(models.Model):
    """A manager's request that somebody take one case in spite of a cap.

    PostgreSQL lets no manager read `declined_at`: a *no* looks like no answer.
    """

    case_id = models.BigIntegerField()
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="+")
    asked_by = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="+")
    why = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)

    class Meta:
        db_table = in_schema("consent")
        constraints: ClassVar = [
            models.CheckConstraint(
                name="consent_is_one_answer",
                condition=Q(agreed_at__isnull=True) | Q(declined_at__isnull=True),
            ),
            models.CheckConstraint(
                name="consent_expires_later", condition=Q(expires_at__gt=models.F("asked_at"))
            ),
            models.CheckConstraint(
                name="consent_is_of_another", condition=~Q(staff=models.F("asked_by"))
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["case_id"], name="consent_of_case")]


class Glance(models.Model):
    """Somebody looked at sums about others, in this hour: open to everybody they are about."""

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="+")
    what = models.CharField(max_length=20)
    at = models.DateTimeField()  # to the hour

    class Meta:
        db_table = in_schema("glance")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["at", "staff", "what"], name="glance_once_an_hour"),
        ]


class InHand(models.Model):
    """A case somebody was given and works on: a view that only Caseward itself reads."""

    case_id = models.BigIntegerField(primary_key=True)
    staff_id = models.BigIntegerField()
    severity = models.PositiveSmallIntegerField()
    category = models.CharField(max_length=30)

    class Meta:
        managed = False
        db_table = in_schema("in_hand")
