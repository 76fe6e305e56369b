"""Who is paged when somebody is in danger, and who is an expert in what: configuration."""

from typing import ClassVar

from django.db import models

from caseward.org.models import LineOfBusiness, Region, StaffMember


class OnCallRota(models.Model):
    """People to page for a region, in their order; `fallback` is paged when two pages are missed.

    A rota of one line of business goes before one for all of them.
    """

    key = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    region = models.ForeignKey(Region, models.DB_CASCADE)
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE, null=True)  # None: every line
    fallback = models.ForeignKey("self", models.DB_SET_NULL, null=True, related_name="+")
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="rota_falls_back_on_another",
                condition=~models.Q(fallback=models.F("id")),
            ),
        ]


class OnCallPlace(models.Model):
    """Somebody's place on a rota and how they are reached.

    `windows` maps `mon`…`sun` to spans such as `[["22:00", "24:00"]]` in the zone of their site;
    empty: at any time. An empty `email` means their work address.
    """

    rota = models.ForeignKey(OnCallRota, models.DB_CASCADE, related_name="places")
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="on_call")
    position = models.PositiveSmallIntegerField()
    windows = models.JSONField(default=dict)
    email = models.EmailField(blank=True)
    webhook_url = models.URLField(blank=True, max_length=500)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rota", "position"], name="rota_place_once"),
        ]


class OnCallTrial(models.Model):
    """A page sent to try out how somebody on a rota is reached, and when they said it came."""

    rota = models.ForeignKey(OnCallRota, models.DB_CASCADE, related_name="trials", db_index=False)
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="+", db_index=False)
    sent_by = models.ForeignKey(StaffMember, models.DO_NOTHING, related_name="+", db_index=False)
    sent_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="trial_comes_before_its_answer",
                condition=models.Q(acknowledged_at__isnull=True)
                | models.Q(acknowledged_at__gte=models.F("sent_at")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["rota", "staff", "-sent_at"], name="trial_of_place"),
        ]


class Expert(models.Model):
    """Somebody in-house who may be escalated to by what they know, not by name.

    `reasons` are keys of reasons of the line; on such cases they are offered first.
    """

    key = models.SlugField(unique=True)
    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="+")
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE)
    topics = models.JSONField()  # language → what they know, such as "Stolen payouts"
    reasons = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    is_active = models.BooleanField(default=True)

    def topic_in(self, language: str) -> str:
        return str(self.topics.get(language) or self.topics["en"])
