"""The queue: where cases of one tier, vendor, line of business and language wait."""

from typing import ClassVar

from django.db import models

from caseward.org.models import Language, LineOfBusiness, Vendor


class Queue(models.Model):
    tier = models.PositiveSmallIntegerField()
    vendor = models.ForeignKey(Vendor, models.DO_NOTHING, null=True)
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE)
    language = models.CharField(max_length=2, choices=Language)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tier", "vendor", "lob", "language"],
                name="queue_once",
                nulls_distinct=False,
            ),
        ]
