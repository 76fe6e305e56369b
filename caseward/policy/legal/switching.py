"""Changing a preset: one person asks, another approves, and the ledger knows both."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.org.models import StaffMember
from caseward.policy.legal.loading import new_version
from caseward.policy.legal.models import LegalChange, LegalPreset, LegalVersion
from caseward.policy.legal.shapes import PresetBroken, preset_from

MAY_CHANGE = frozenset({"LOB_LEAD", "REGIONAL_LEAD", "GLOBAL_HEAD"})
Kind = LegalChange.Kind


class MayNotChangeLaw(Exception):
    """Only delivery leads, regional leads and the global head change presets."""


class NeedsSomebodyElse(Exception):
    """Whoever asked for a change cannot approve or refuse it; two people are needed."""


class ChangeWaits(Exception):
    """Another change of the preset waits for a decision; one at a time."""


class NothingToDecide(Exception):
    """The change was decided already, or changes nothing."""


def may_change(staff: StaffMember) -> bool:
    return staff.role in MAY_CHANGE and staff.vendor_id is None


@transaction.atomic
def ask(
    *,
    key: str,
    kind: str,
    by: StaffMember,
    why: str,
    now: datetime,
    content: Mapping[str, Any] | None = None,
) -> LegalChange:
    """Ask for a change of a preset; it takes effect when somebody else approves it.

    Args:
        content: What a new version is to say, for `EDIT`.
    Raises:
        MayNotChangeLaw, ChangeWaits: see there.
        NothingToDecide: the preset is as asked for already.
        PresetBroken: the new version cannot be used.
    """
    preset = _locked(key, by)
    if preset.changes.filter(outcome="").exists():
        raise ChangeWaits(key)
    if preset.is_on == (kind == Kind.SWITCH_ON) and kind != Kind.EDIT:
        raise NothingToDecide(key)
    version = _edited(preset, content or {}, now) if kind == Kind.EDIT else preset.version
    change = LegalChange.objects.create(
        preset=preset, kind=Kind(kind), version=version, why=why.strip(), asked_by=by, asked_at=now
    )
    _tell("preset.asked", change, by, now, why=change.why)
    return change


def _edited(preset: LegalPreset, content: Mapping[str, Any], now: datetime) -> LegalVersion:
    if preset_from(content).key != preset.key:
        raise PresetBroken(f"The id must stay {preset.key}, got {content.get('id')!r}.")
    if preset.version and content == preset.version.content:
        raise NothingToDecide(preset.key)
    return new_version(preset, content, now=now)


@transaction.atomic
def approve(*, change_id: int, by: StaffMember, now: datetime) -> LegalPreset:
    """Let a change take effect.

    Raises:
        MayNotChangeLaw, NeedsSomebodyElse, NothingToDecide: see there.
    """
    change = _open_change(change_id, by)
    if change.asked_by_id == by.pk:
        raise NeedsSomebodyElse(change.preset.key)
    preset = change.preset
    if change.kind == Kind.EDIT:
        preset.version = change.version
    else:
        preset.is_on = change.kind == Kind.SWITCH_ON
    preset.save(update_fields=["version", "is_on"])
    _decide(change, LegalChange.Outcome.APPROVED, by, now)
    return preset


@transaction.atomic
def refuse(*, change_id: int, by: StaffMember, now: datetime) -> LegalPreset:
    """Say no to a change; whoever asked for it withdraws it by the same verb."""
    change = _open_change(change_id, by)
    is_own = change.asked_by_id == by.pk
    outcome = LegalChange.Outcome.WITHDRAWN if is_own else LegalChange.Outcome.REFUSED
    _decide(change, outcome, by, now)
    return change.preset


@transaction.atomic
def verify(*, key: str, by: StaffMember, review_by: date, note: str, now: datetime) -> LegalPreset:
    """Say that somebody compared the preset with the law today, and when to do so again."""
    preset = _locked(key, by)
    preset.last_verified_on, preset.verified_by = now.date(), by.name
    preset.review_by = review_by
    preset.save(update_fields=["last_verified_on", "verified_by", "review_by"])
    record(
        "preset.verified", by, now, preset=key, review_by=review_by.isoformat(), note=note.strip()
    )
    return preset


def _locked(key: str, by: StaffMember) -> LegalPreset:
    if not may_change(by):
        raise MayNotChangeLaw(key)
    return LegalPreset.objects.select_for_update(of=("self",)).get(key=key)


def _open_change(change_id: int, by: StaffMember) -> LegalChange:
    if not may_change(by):
        raise MayNotChangeLaw(str(change_id))
    change = LegalChange.objects.select_for_update(of=("self",)).get(pk=change_id)
    if change.outcome:
        raise NothingToDecide(change.preset.key)
    change.preset = LegalPreset.objects.select_for_update(of=("self",)).get(pk=change.preset_id)
    return change


def _decide(change: LegalChange, outcome: str, by: StaffMember, now: datetime) -> None:
    change.outcome, change.decided_by, change.decided_at = outcome, by, now
    change.save(update_fields=["outcome", "decided_by", "decided_at"])
    kinds = {
        LegalChange.Outcome.APPROVED: "preset.approved",
        LegalChange.Outcome.REFUSED: "preset.refused",
        LegalChange.Outcome.WITHDRAWN: "preset.withdrawn",
    }
    _tell(kinds[LegalChange.Outcome(outcome)], change, by, now, asked_by_id=change.asked_by_id)


def _tell(kind: str, change: LegalChange, by: StaffMember, now: datetime, **data: Any) -> None:
    number = change.version.number if change.version else None
    facts = {"preset": change.preset.key, "change": change.kind, "version": number}
    record(kind, by, now, **facts, **data)


def record(kind: str, by: StaffMember, now: datetime, **data: Any) -> None:
    ledger.record(
        kind, at=now, actor_id=by.pk, actor_name=by.name, audience=Event.Audience.IN_HOUSE,
        data=data,
    )  # fmt: skip
