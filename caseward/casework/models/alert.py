"""What Caseward tells its own people outside the desk: by e-mail, or to a webhook of a rota."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caseward.casework.models.case import Case
from caseward.casework.models.emergency import EmergencyPage
from caseward.casework.models.on_call import OnCallTrial
from caseward.org.models import StaffMember


class StaffAlert(models.Model):
    """An alert to be sent, written in the transaction of what asks for it.

    It names the case and nothing that was said in it; the trial of a page names none.
    """

    class Channel(models.TextChoices):
        EMAIL = "EMAIL", _("E-mail")
        WEBHOOK = "WEBHOOK", _("Webhook")

    class State(models.TextChoices):
        QUEUED = "QUEUED", "Waiting to be sent"
        SENT = "SENT", "Sent"
        FAILED = "FAILED", "Could not be sent"
        CANCELLED = "CANCELLED", "Not needed any more"

    staff = models.ForeignKey(StaffMember, models.DB_CASCADE, related_name="+", db_index=False)
    case = models.ForeignKey(Case, models.DB_CASCADE, null=True, related_name="+", db_index=False)
    page = models.ForeignKey(EmergencyPage, models.DB_CASCADE, null=True, related_name="alerts")
    trial = models.ForeignKey(OnCallTrial, models.DB_CASCADE, null=True, related_name="alerts")
    kind = models.CharField(max_length=40)  # the event it tells of, such as `emergency.paged`
    channel = models.CharField(max_length=7, choices=Channel)
    address = models.CharField(max_length=500)
    subject = models.CharField(max_length=200)
    text = models.TextField()
    payload = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    send_after = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["send_after"], name="alert_queued", condition=Q(state="QUEUED")),
        ]
