"""An alert as an e-mail: plain text, from no mailbox that takes answers."""

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from django.conf import settings

from caseward.casework.models import StaffAlert
from caseward.channels.email.classifying import LOOP_HEADER
from caseward.channels.email.writing import Written
from caseward.org import queries as org


def written(alert: StaffAlert, *, now: datetime) -> Written:
    """Return the e-mail of an alert; sent twice, both have one Message-ID and show as one."""
    sender = f"alerts@{settings.MAIL_DOMAIN}"
    message_id = f"<alert.{alert.pk}@{settings.MAIL_DOMAIN}>"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = f"{org.operation().name} <{sender}>"
    mail["To"] = alert.address
    mail["Subject"] = alert.subject
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Priority"] = "1"
    mail[LOOP_HEADER] = settings.MAIL_DOMAIN
    mail.set_content(alert.text)
    return Written(
        sender=sender, recipient=alert.address, content=mail.as_bytes(), message_id=message_id
    )
