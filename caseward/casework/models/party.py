"""The parties of a case: who wrote, whose account it is about, who speaks for them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caseward.casework.models.case import Case


class Party(models.Model):
    """What everybody who works the case may know about a party: contact details are masked."""

    class Part(models.TextChoices):
        REQUESTER = "REQUESTER", _("Requester")
        SUBJECT = "SUBJECT", _("Subject")
        REPRESENTATIVE = "REPRESENTATIVE", _("Representative")

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="parties", db_index=False)
    part = models.CharField(max_length=15, choices=Part)
    name = models.CharField(max_length=120, blank=True)
    handle = models.CharField(max_length=120, blank=True)  # the account on the platform
    masked_email = models.CharField(max_length=120, blank=True)
    masked_phone = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "part"], name="party_once_a_case"),
        ]


class PartyContact(models.Model):
    """How to reach a party. A vendor's staff may not query this table at all."""

    party = models.OneToOneField(Party, models.DB_CASCADE, primary_key=True, related_name="contact")
    email = models.CharField(max_length=320, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="party_contact_says_something", condition=~Q(email="", phone="")
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["email"], name="party_contact_email")]
