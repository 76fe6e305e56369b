"""Messages on a case, their originals, attachments, and what is still to be sent."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from caseward.casework.models.case import Case
from caseward.org.models import Language, StaffMember


class Message(models.Model):
    """One thing said on a case. `text` is masked: safe for everybody who may see the case."""

    class Direction(models.TextChoices):
        INBOUND = "INBOUND", _("from the requester")
        OUTBOUND = "OUTBOUND", _("to the requester")
        NOTE = "NOTE", _("internal note")

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="messages", db_index=False)
    direction = models.CharField(max_length=8, choices=Direction)
    channel = models.CharField(max_length=10, choices=Case.Channel)
    at = models.DateTimeField()
    author = models.ForeignKey(StaffMember, models.DO_NOTHING, null=True)
    author_name = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    quoted = models.TextField(blank=True)  # folded away: history and signature
    language = models.CharField(max_length=2, choices=Language)
    has_html = models.BooleanField(default=False)
    is_automatic = models.BooleanField(default=False)  # auto-reply, bounce
    in_house_only = models.BooleanField(default=False)
    problem = models.CharField(max_length=200, blank=True)  # why a person should look

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="message_in_house_is_a_note",
                condition=Q(in_house_only=False) | Q(direction="NOTE"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "at", "id"], name="message_of_case"),
            GinIndex(fields=["text"], name="message_search", opclasses=["gin_trgm_ops"]),
        ]


class MessageOriginal(models.Model):
    """The message as it came, unmasked. A vendor's staff may not query this table at all."""

    message = models.OneToOneField(
        Message, models.DB_CASCADE, primary_key=True, related_name="original"
    )
    text = models.TextField()
    html = models.TextField(blank=True)


class Attachment(models.Model):
    """A file somebody sent. Sealed until checked; the bytes are kept by their SHA-256."""

    class State(models.TextChoices):
        SEALED = "SEALED", _("Sealed until checked")
        CLEAN = "CLEAN", _("Checked")
        REFUSED = "REFUSED", _("Refused")

    message = models.ForeignKey(Message, models.DB_CASCADE, related_name="attachments")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    content_id = models.CharField(max_length=255, blank=True)  # of an image shown inside the HTML
    state = models.CharField(max_length=8, choices=State, default=State.SEALED)
    note = models.CharField(max_length=200, blank=True)  # why it was refused or stays sealed


class Outgoing(models.Model):
    """The outbox: an e-mail to be sent, written in the transaction of what asks for it."""

    class Kind(models.TextChoices):
        REPLY = "REPLY", _("Reply")
        ACKNOWLEDGEMENT = "ACKNOWLEDGEMENT", _("Acknowledgement")
        SURVEY = "SURVEY", _("Survey")

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("Waiting to be sent")
        SENT = "SENT", _("Sent")
        FAILED = "FAILED", _("Could not be sent")
        BOUNCED = "BOUNCED", _("Came back")
        CANCELLED = "CANCELLED", _("Taken back")

    case = models.ForeignKey(Case, models.DB_CASCADE, related_name="outgoing")
    message = models.OneToOneField(Message, models.DB_CASCADE, null=True, related_name="outgoing")
    kind = models.CharField(max_length=15, choices=Kind)
    state = models.CharField(max_length=9, choices=State, default=State.QUEUED)
    send_after = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="outgoing_reply_has_its_message",
                condition=~Q(kind="REPLY") | Q(message__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(kind="SURVEY"), name="outgoing_survey_once_a_case"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["send_after"], name="outgoing_queued", condition=Q(state="QUEUED")
            ),
        ]
