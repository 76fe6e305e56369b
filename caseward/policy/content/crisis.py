"""Where somebody in danger finds help at once."""

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import Q

from caseward.org.models import StaffMember


class CrisisResource(models.Model):
    """A helpline or page for one need, country and language. A dead number costs lives.

    Without a country it serves where no country has its own.
    """

    key = models.SlugField()  # the need, such as `suicide`
    country = models.CharField(max_length=2, blank=True)
    language = models.CharField(max_length=2)
    name = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, blank=True)
    url = models.URLField(blank=True)
    last_verified_on = models.DateField(null=True)
    verified_by = models.ForeignKey(
        StaffMember, models.DO_NOTHING, null=True, related_name="+", db_index=False
    )
    valid_days = models.PositiveSmallIntegerField(default=90)
    is_example = models.BooleanField(default=False)  # shipped with the demo, never called
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key", "country", "language"], name="crisis_resource_once"
            ),
            models.CheckConstraint(
                name="crisis_resource_leads_somewhere", condition=~Q(phone="", url="")
            ),
            models.CheckConstraint(
                name="crisis_resource_is_valid_for_a_while", condition=Q(valid_days__gte=1)
            ),
        ]

    @property
    def valid_until(self) -> date | None:
        """Return the last day it may be sent; None where nobody has verified it yet."""
        verified = self.last_verified_on
        return verified + timedelta(days=self.valid_days) if verified else None

    def is_stale(self, today: date) -> bool:
        """Say whether nobody has made sure lately that it still helps."""
        return self.valid_until is None or self.valid_until < today

    def in_words(self) -> str:
        """Return what a requester reads in place of the placeholder."""
        return ", ".join(part for part in (self.name, self.phone, self.url) if part)
