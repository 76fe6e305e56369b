"""The law on a case: why its clocks run, what comes next, and whether to keep silent."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from caseward.casework.models import Case, DisclosureLock
from caseward.org.models import StaffMember
from caseward.policy.legal import queries as legal
from caseward.policy.legal.shapes import Preset
from caseward.sla.models import Clock
from caseward.web.views.law import words

FACTS = {
    "country": lambda: _("country"),
    "tags": lambda: _("tag"),
    "reasons": lambda: _("reason"),
    "categories": lambda: _("kind of harm"),
}


def law_of(clock: Clock) -> dict[str, Any] | None:
    """Return which law a clock runs for and why this case; None for our own promises."""
    if clock.preset_id is None:
        return None
    preset = legal.version(clock.preset_id)
    return {
        "title": preset.title,
        "grade": preset.grade,
        "grade_label": words.GRADES[preset.grade],
        "instrument": preset.instrument,
        "because": "; ".join(_because(clock.because)),
    }


def _because(because: dict[str, list[str]]) -> list[str]:
    return [
        _("%(what)s: %(values)s") % {"what": FACTS[name](), "values": ", ".join(values)}
        for name, values in because.items()
        if name in FACTS
    ]


def basis_of_stage(clock: Clock) -> str:
    """Say how long a stage of a preset runs, and whose number that is."""
    assert clock.preset_id is not None  # a stage has its preset
    stage = legal.version(clock.preset_id).stage_of(clock.stage)
    if stage is None:
        return ""
    told = words.stage(stage)
    return _("%(long)s from when %(starts)s. %(number)s.") % told


def law(case: Case, clocks: list[Clock], reader: StaffMember) -> dict[str, Any]:
    """Return what a case page says of the law: the chain to come, and a lock of silence."""
    presets = _presets(clocks)
    return {
        "coming": [line for preset in presets for line in _coming(preset, clocks)],
        "url": reverse("case-legal", args=[case.reference]),
        "is_offered": bool(presets) or reader.vendor_id is None,
        "silence": _silence(case, reader),
    }


def _presets(clocks: list[Clock]) -> list[Preset]:
    numbers = dict.fromkeys(clock.preset_id for clock in clocks if clock.preset_id)
    return [legal.version(number) for number in numbers]


def _coming(preset: Preset, clocks: list[Clock]) -> list[str]:
    begun = {clock.stage for clock in clocks}
    return [
        _("%(kind)s: %(long)s from when %(starts)s") % words.stage(stage)
        for stage in preset.stages
        if preset.name_of(stage) not in begun
    ]


def _silence(case: Case, reader: StaffMember) -> DisclosureLock | None:
    """Return the lock of a case, to in-house staff; others are not told that there is one."""
    if reader.vendor_id is not None:
        return None
    return DisclosureLock.objects.filter(case=case, lifted_at__isnull=True).first()
