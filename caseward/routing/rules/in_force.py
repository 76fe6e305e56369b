"""Reading the rules routing works by now, and putting others in their place."""

from dataclasses import asdict
from typing import Any

from caseward.org.catalogue import look_again
from caseward.org.models import LineOfBusiness, Site, Vendor, VendorShare
from caseward.policy.models import Reason
from caseward.routing.models import Capacity, HoldBack, OverflowRule, Queue, Weight
from caseward.routing.rules.content import Need, Overflow, Room, Rules
from caseward.routing.weighing import weights


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
        overflow={rule.key: _overflow(rule) for rule in _overflow_rules()},
        rooms={row.channel: Room(row.units, row.at_most) for row in Capacity.objects.all()},
        hold_back=dict(HoldBack.objects.values_list("queue_id", "minutes")),
        weights=weights(),
    )


def _overflow_rules() -> list[OverflowRule]:
    active = OverflowRule.objects.filter(is_active=True)
    return list(active.select_related("from_vendor", "from_lob", "to_vendor", "while_closed"))


def _overflow(rule: OverflowRule) -> Overflow:
    return Overflow(
        from_tier=rule.from_tier,
        from_vendor=rule.from_vendor.key if rule.from_vendor else "",
        from_line=rule.from_lob.key if rule.from_lob else "",
        from_language=rule.from_language,
        to_tier=rule.to_tier,
        to_vendor=rule.to_vendor.key if rule.to_vendor else "",
        waiting_over=rule.waiting_over,
        oldest_over_minutes=rule.oldest_over_minutes,
        at_risk_over=rule.at_risk_over,
        while_closed=rule.while_closed.key if rule.while_closed else "",
        at_a_time=rule.at_a_time,
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
    for key, overflow in wanted.overflow.items():
        if present.overflow.get(key) != overflow:
            OverflowRule.objects.update_or_create(key=key, defaults=_columns(overflow))
    OverflowRule.objects.exclude(key__in=wanted.overflow).update(is_active=False)
    Queue.objects.filter(pk__in=wanted.pushing).update(mode=Queue.Mode.PUSH)
    Queue.objects.exclude(pk__in=wanted.pushing).update(mode=Queue.Mode.PULL)
    _put_limits(wanted)
    look_again()


def _put_limits(wanted: Rules) -> None:
    """Write how much people hold, what is held back for a shift, and what counts how much."""
    for channel, room in wanted.rooms.items():
        Capacity.objects.update_or_create(channel=channel, defaults=asdict(room))
    Capacity.objects.exclude(channel__in=wanted.rooms).delete()
    for queue_id, minutes in wanted.hold_back.items():
        HoldBack.objects.update_or_create(queue_id=queue_id, defaults={"minutes": minutes})
    HoldBack.objects.exclude(queue__in=wanted.hold_back).delete()
    for code, worth in asdict(wanted.weights).items():
        Weight.objects.update_or_create(code=code, defaults={"minutes": worth})


def _columns(rule: Overflow) -> dict[str, Any]:
    return {
        "from_tier": rule.from_tier,
        "from_vendor": Vendor.objects.filter(key=rule.from_vendor).first(),
        "from_lob": LineOfBusiness.objects.filter(key=rule.from_line).first(),
        "from_language": rule.from_language,
        "to_tier": rule.to_tier,
        "to_vendor": Vendor.objects.filter(key=rule.to_vendor).first(),
        "waiting_over": rule.waiting_over,
        "oldest_over_minutes": rule.oldest_over_minutes,
        "at_risk_over": rule.at_risk_over,
        "while_closed": Site.objects.filter(key=rule.while_closed).first(),
        "at_a_time": rule.at_a_time,
        "is_active": True,
    }
