"""Mailboxes, public forms, and what arrived, kept raw before anything is understood."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from caseward.casework.models import Case, Message, Outgoing
from caseward.org.models import Language, LineOfBusiness


class Mailbox(models.Model):
    """An address people write to, for one line of business."""

    address = models.EmailField(unique=True)
    name = models.CharField(max_length=120)
    lob = models.ForeignKey(LineOfBusiness, models.DB_CASCADE)
    language = models.CharField(max_length=2, choices=Language, default=Language.ENGLISH)
    signatures = models.JSONField(default=dict)  # language → text under every reply


class Form(models.Model):
    """A public contact form. `fields` is the list written in the operation's files."""

    lob = models.OneToOneField(LineOfBusiness, models.DB_CASCADE, related_name="form")
    titles = models.JSONField()
    introductions = models.JSONField(default=dict)
    fields = models.JSONField()
    offers_upload = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)


class RawMail(models.Model):
    """The bytes of a mail as received: stored before it is acknowledged, understood later."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting to be read"
        DONE = "DONE", "Became a message"
        KEPT = "KEPT", "Kept for a person"
        IGNORED = "IGNORED", "Needs no case"

    received_at = models.DateTimeField()
    sender = models.CharField(max_length=320)  # of the envelope; empty for a bounce
    recipients = ArrayField(models.CharField(max_length=320))
    content = models.BinaryField()
    digest = models.BinaryField(max_length=32, unique=True)  # of what makes a re-delivery the same
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    outcome = models.CharField(max_length=200, blank=True)
    case = models.ForeignKey(Case, models.DB_SET_NULL, null=True, related_name="raw_mails")
    message = models.OneToOneField(Message, models.DB_SET_NULL, null=True, related_name="raw_mail")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="raw_mail_waiting", condition=Q(state="WAITING")),
        ]


class MessageId(models.Model):
    """The Message-ID of a mail that belongs to a case: what replies are threaded by."""

    value = models.CharField(max_length=250, primary_key=True)
    case = models.ForeignKey(Case, models.DB_CASCADE)
    outgoing = models.ForeignKey(Outgoing, models.DB_CASCADE, null=True)
    known_at = models.DateTimeField(db_default=Now())


class SentMail(models.Model):
    """What was sent, byte for byte: the mail viewer shows it and bounces are matched to it."""

    outgoing = models.OneToOneField(Outgoing, models.DB_CASCADE, related_name="sent_mail")
    recipient = models.CharField(max_length=320)
    content = models.BinaryField()
    sent_at = models.DateTimeField()
    via = models.CharField(max_length=200)  # "mail viewer" or the server that took it


class FormTicket(models.Model):
    """One shown form: its one-time number makes a double submit one case."""

    number = models.UUIDField(primary_key=True)
    case = models.ForeignKey(Case, models.DB_SET_NULL, null=True)
    submitted_at = models.DateTimeField()
    address_hash = models.BinaryField(max_length=32)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["address_hash", "submitted_at"], name="form_ticket_rate"),
        ]
