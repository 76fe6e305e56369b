"""Reading the rules routing works by now, and putting others in their place."""

from caseward.org.catalogue import look_again
from caseward.org.models import VendorShare
from caseward.policy.models import Reason
from caseward.routing.models import Queue
from caseward.routing.rules.content import Need, Rules


def rules_in_force() -> Rules:
    """Return the rules as the tables that routing reads have them."""
    shares = VendorShare.objects.filter(vendor__is_active=True, lob__is_active=True)
    reasons = Reason.objects.filter(is_active=True, lob__is_active=True)
    return Rules(
        shares={
            (line, vendor): share
            for line, vendor, share in shares.values_list("lob__key", "vendor__key", "share")
        },
        needs={
            (line, key): Need(certification, level)
            for line, key, certification, level in reasons.values_list(
                "lob__key", "key", "certification", "language_level"
            )
        },
        pushing=frozenset(Queue.objects.filter(mode=Queue.Mode.PUSH).values_list("pk", flat=True)),
    )


def put_in_force(wanted: Rules) -> None:
    """Make the tables say what the rules say. Vendors keep the languages they serve."""
    present = rules_in_force()
    for (line, vendor), share in wanted.shares.items():
        if present.shares.get((line, vendor)) != share:
            rows = VendorShare.objects.filter(lob__key=line, vendor__key=vendor)
            rows.update(share=share)
    for (line, reason), need in wanted.needs.items():
        if present.needs.get((line, reason)) != need:
            Reason.objects.filter(lob__key=line, key=reason).update(
                certification=need.certification, language_level=need.language_level
            )
    Queue.objects.filter(pk__in=wanted.pushing).update(mode=Queue.Mode.PUSH)
    Queue.objects.exclude(pk__in=wanted.pushing).update(mode=Queue.Mode.PULL)
    look_again()
