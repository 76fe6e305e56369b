"""How long the exact bytes of what was sent are kept; that it was sent stays on the timeline."""

from datetime import datetime

from caseward.channels.models import SentMail


def forget_sent_mail(*, before: datetime, at_most: int = 1_000) -> int:
    """Empty mails sent before a moment; return how many."""
    old = SentMail.objects.filter(sent_at__lt=before).exclude(content=b"")
    ids = list(old.order_by("pk").values_list("pk", flat=True)[:at_most])
    return SentMail.objects.filter(pk__in=ids).update(content=b"")
