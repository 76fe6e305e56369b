"""What is asked of somebody who writes the steps of a playbook."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from caseward.org.models import Language
from caseward.policy import queries as policy
from caseward.policy.playbooks import CHOICE, LADDER, NUMBER, TEXT, TICK, Step
from caseward.web.languages import named
from caseward.web.views.content.fields import (
    OrderedForms,
    condition_fields,
    conditions_from,
    conditions_into,
    line,
    lines,
    select,
    ticks,
)

CHOICE_LINE = re.compile(r"^\s*([a-z0-9-]+)\s*:\s*(\S.*)$")
LABELS = {
    TICK: _("Tick it off"),
    CHOICE: _("Choose one"),
    TEXT: _("Write something"),
    NUMBER: _("Write a number"),
    LADDER: _("Climb the proof ladder"),
}


class StepForm(forms.Form):
    """One step."""

    key = forms.SlugField(
        label=_("Key"), required=False, max_length=50, widget=line(),
        help_text=_("Left empty it comes from the English text. Changing it loses what was done."),
    )  # fmt: skip
    check = forms.ChoiceField(
        label=_("What shows that it is done?"), choices=list(LABELS.items()), widget=select()
    )
    choices = forms.CharField(
        label=_("Choices"), required=False, max_length=2000, widget=lines(3),
        help_text=_("For “Choose one”: a line each, such as yes: The requester agrees."),
    )  # fmt: skip
    is_gate = forms.BooleanField(label=_("The case cannot end without it"), required=False)
    needs_second = forms.BooleanField(label=_("A second person has to confirm it"), required=False)

    def __init__(self, *args: Any, lob_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in Language.choices:
            self.fields[f"text_{code}"] = forms.CharField(
                label=name, required=code == "en", max_length=1000,
                widget=lines(2, lang=code, dir="auto"),
            )  # fmt: skip
        endings = policy.dispositions_of(lob_id)
        self.fields["blocks"] = ticks(
            _("Kept from these endings only"), [(one.key, named(one)) for one in endings]
        )
        self.fields["tiers"] = ticks(_("Done by"), [("1", _("Tier 1")), ("2", _("Tier 2"))])
        asked = condition_fields(lob_id)
        del asked["if_reason"], asked["if_tier"]
        self.fields |= asked

    @property
    def texts(self) -> list[Any]:
        return [self[f"text_{code}"] for code in Language.values]

    @property
    def asked(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("if_")]

    def clean_choices(self) -> dict[str, dict[str, str]]:
        found = {}
        for written in self.cleaned_data["choices"].splitlines():
            if not written.strip():
                continue
            match = CHOICE_LINE.match(written)
            if match is None:
                raise forms.ValidationError(
                    _("“%(line)s” needs a key, a colon and a name, such as yes: It is theirs."),
                    params={"line": written.strip()[:60]},
                )
            found[match[1]] = {"en": match[2].strip()}
        return found

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("check") == CHOICE and not said.get("choices") and "choices" not in self.errors:
            self.add_error("choices", _("Write at least one choice."))
        return said

    def step(self) -> Step:
        said = self.cleaned_data
        texts = {code: said[f"text_{code}"].strip() for code in Language.values}
        return Step(
            key=said["key"] or slugify(texts["en"])[:50].strip("-") or "step",
            texts={code: text for code, text in texts.items() if text},
            check=said["check"],
            choices=said["choices"] if said["check"] == CHOICE else {},
            is_gate=said["is_gate"],
            blocks=tuple(said["blocks"]),
            tiers=tuple(int(tier) for tier in said["tiers"]),
            needs_second=said["needs_second"],
            conditions=conditions_from(said),
        )


StepForms = forms.formset_factory(
    StepForm, OrderedForms, extra=1, can_delete=True, can_order=True, max_num=40, absolute_max=40
)


def initial_of(steps: Sequence[Step]) -> list[dict[str, Any]]:
    """Return what the forms begin with."""
    return [
        {
            "key": step.key,
            "check": step.check,
            "choices": "\n".join(
                f"{key}: {names.get('en', '')}" for key, names in (step.choices or {}).items()
            ),
            "is_gate": step.is_gate,
            "needs_second": step.needs_second,
            "blocks": list(step.blocks),
            "tiers": [str(tier) for tier in step.tiers],
            **{f"text_{code}": text for code, text in step.texts.items()},
            **conditions_into(step.conditions.stored()),
        }
        for step in steps
    ]


def steps_from(forms_of_steps: Any) -> list[Step]:
    """Return the steps in the order people gave them; new ones without a number come last."""
    kept = [
        form
        for form in forms_of_steps
        if form.has_changed() or form.initial
        if not form.cleaned_data.get("DELETE")
    ]
    kept.sort(key=lambda form: form.cleaned_data.get("ORDER") or 1000)
    return [form.step() for form in kept]
