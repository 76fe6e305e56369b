"""Taking the presets that come with Caseward into the database, and what an update changes."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from caseward.ledger import services as ledger
from caseward.ledger.models import Event
from caseward.policy.legal.models import LegalChange, LegalPreset, LegalVersion
from caseward.policy.legal.shapes import preset_from

DATA = Path(__file__).parent / "data"
OF_THE_PLACE = ("jurisdiction", "countries", "zone")
OF_THE_CHECK = ("last_verified_on", "verified_by", "review_by")


def shipped() -> Iterator[dict[str, Any]]:
    """Yield what the data files say of each preset, checked."""
    for path in sorted(DATA.glob("*.yaml")):
        place = yaml.safe_load(path.read_text(encoding="utf-8"))
        for said in place["presets"]:
            content = {name: place[name] for name in OF_THE_PLACE} | said
            preset_from(content)
            yield content


@transaction.atomic
def load(*, now: datetime) -> int:
    """Take in presets and versions that are new; return how many. Doing it twice changes nothing.

    A preset that is switched on keeps its version: the new one waits for somebody's approval.
    """
    known = {preset.key: preset for preset in LegalPreset.objects.select_for_update()}
    return sum(_take_in(content, known.get(content["id"]), now) for content in shipped())


def _take_in(content: Mapping[str, Any], preset: LegalPreset | None, now: datetime) -> bool:
    if preset is None:
        return _begin(content, now)
    if content["version"] <= preset.shipped_number or _has_open_change(preset):
        return False
    version = new_version(preset, content, now=now)
    preset.shipped_number = content["version"]
    if preset.is_on:
        why = f"Version {content['version']} came with an update of Caseward."
        LegalChange.objects.create(
            preset=preset, kind=LegalChange.Kind.EDIT, version=version, why=why, asked_at=now
        )
    else:
        preset.version = version
    preset.save(update_fields=["shipped_number", "version"])
    _tell(preset, version, now)
    return True


def _begin(content: Mapping[str, Any], now: datetime) -> bool:
    preset = LegalPreset.objects.create(
        key=content["id"],
        jurisdiction=content["jurisdiction"],
        shipped_number=content["version"],
        **{name: content[name] for name in OF_THE_CHECK},
    )
    preset.version = new_version(preset, content, now=now)
    preset.save(update_fields=["version"])
    _tell(preset, preset.version, now)
    return True


def _has_open_change(preset: LegalPreset) -> bool:
    return preset.changes.filter(outcome="").exists()


def new_version(preset: LegalPreset, content: Mapping[str, Any], *, now: datetime) -> LegalVersion:
    """Keep what a preset is to say as its next version; the check dates are kept beside it."""
    left_out = {"version", *OF_THE_CHECK}
    kept = {name: _plain(value) for name, value in content.items() if name not in left_out}
    latest = preset.versions.order_by("-number").values_list("number", flat=True).first() or 0
    return LegalVersion.objects.create(preset=preset, number=latest + 1, content=kept, made_at=now)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _tell(preset: LegalPreset, version: LegalVersion, now: datetime) -> None:
    ledger.record(
        "preset.shipped",
        at=now,
        actor_id=None,
        actor_name="Caseward (law)",
        audience=Event.Audience.IN_HOUSE,
        data={"preset": preset.key, "version": version.number},
    )
