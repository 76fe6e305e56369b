"""Questions about legal presets: which are in force, and which of them a case matches."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from caseward.org.acting import Actor, acting
from caseward.org.catalogue import kept_per_revision
from caseward.policy.legal.models import LegalPreset, LegalVersion
from caseward.policy.legal.shapes import Preset, preset_from
from caseward.policy.queries import reasons

STALE_AFTER = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a preset is matched by."""

    country: str
    reason_id: int | None
    tags: Collection[str]


@dataclass(frozen=True, slots=True)
class Match:
    """A preset that a case falls under, with the facts that say so."""

    preset: Preset
    because: dict[str, list[str]] = field(default_factory=dict)


@kept_per_revision
def switched_on() -> tuple[Preset, ...]:
    """Return the presets that two people switched on, as their current versions say.

    Read as Caseward itself: a vendor's staff are held to laws they have no list of.
    """
    with acting(Actor.system("law")):
        found = LegalPreset.objects.filter(is_on=True).select_related("version").order_by("key")
        return tuple(_preset(row.version) for row in found if row.version)


@kept_per_revision
def version(version_id: int) -> Preset:
    """Return what one version of a preset says."""
    with acting(Actor.system("law")):
        return _preset(LegalVersion.objects.get(pk=version_id))


def _preset(row: LegalVersion) -> Preset:
    return preset_from(row.content, number=row.number, version_id=row.pk)


def matching(facts: Facts, *, at: datetime) -> list[Match]:
    """Return the presets that a report received at `at` falls under."""
    found = (_match(preset, facts) for preset in switched_on() if preset.is_in_force(at))
    return [match for match in found if match]


def _match(preset: Preset, facts: Facts) -> Match | None:
    if facts.country not in preset.countries:
        return None
    reason = reasons().get(facts.reason_id or 0)
    because = {
        "tags": sorted(preset.trigger.tags.intersection(facts.tags)),
        "reasons": [reason.key] if reason and reason.key in preset.trigger.reasons else [],
        "categories": [reason.category]
        if reason and reason.category in preset.trigger.categories
        else [],
    }
    told = {name: values for name, values in because.items() if values}
    return Match(preset, {"country": [facts.country], **told}) if told else None


def is_stale(preset: LegalPreset, *, today: date) -> bool:
    """Say whether somebody must check the preset against the law again."""
    return preset.review_by < today or preset.last_verified_on < today - STALE_AFTER


def stale_presets(*, today: date) -> list[LegalPreset]:
    """Return the switched-on presets that must be checked again, the most overdue first."""
    return [preset for preset in _on() if is_stale(preset, today=today)]


@kept_per_revision
def _on() -> tuple[LegalPreset, ...]:
    return tuple(LegalPreset.objects.filter(is_on=True).order_by("review_by", "key"))
