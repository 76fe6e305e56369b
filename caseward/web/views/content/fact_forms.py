"""What is asked of somebody who writes a template of escalations."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from caseward.org.models import Language
from caseward.policy.escalation_templates import Fact
from caseward.web.views.content.fields import OrderedForms, line, lines, select

MOST_FACTS = 20
CHOICE_LINE = re.compile(r"^\s*([a-z0-9-]+)\s*:\s*(\S.*)$")
KINDS = {
    "text": _("A line of text"),
    "lines": _("Several lines of text"),
    "choice": _("A choice"),
    "yes_no": _("Yes or no"),
    "date": _("A day"),
    "link": _("A web address"),
}


class FactForm(forms.Form):
    """One fact."""

    kind = forms.ChoiceField(label=_("Answered by"), choices=list(KINDS.items()), widget=select())
    required = forms.BooleanField(label=_("Nobody escalates without it"), required=False)
    key = forms.SlugField(
        label=_("Key"), required=False, max_length=50, widget=line(),
        help_text=_("Left empty it comes from the English question. It names the answer."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, language in Language.choices:
            own: dict[str, Any] = {"lang": code, "dir": "auto"}
            names = {"language": language}
            self.fields[f"label_{code}"] = forms.CharField(
                label=_("Question, in %(language)s") % names, required=code == "en",
                max_length=120, widget=line(**own),
            )  # fmt: skip
            self.fields[f"hint_{code}"] = forms.CharField(
                label=_("Help under it, in %(language)s") % names, required=False, max_length=300,
                widget=line(**own),
            )  # fmt: skip
            self.fields[f"choices_{code}"] = forms.CharField(
                label=_("Choices, in %(language)s") % names, required=False, max_length=2000,
                widget=lines(3, **own),
                help_text=_("For a choice: a line each, such as upi: By UPI."),
            )  # fmt: skip

    def in_language(self, code: str) -> list[Any]:
        return [self[f"{name}_{code}"] for name in ("label", "hint", "choices")]

    @property
    def in_english(self) -> list[Any]:
        return self.in_language("en")

    @property
    def in_others(self) -> list[Any]:
        return [field for code in Language.values[1:] for field in self.in_language(code)]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        is_choice = said.get("kind") == "choice"
        read = {code: self._choices_in(code) if is_choice else {} for code in Language.values}
        if is_choice and not read["en"] and "choices_en" not in self.errors:
            self.add_error("choices_en", _("Write at least one choice."))
        for code in Language.values[1:]:
            if unknown := sorted(set(read[code]) - set(read["en"])):
                self.add_error(f"choices_{code}", _unknown_choice(unknown[0]))
        said["choices"] = [
            {"key": key, "names": {code: read[code][key] for code in read if key in read[code]}}
            for key in read["en"]
        ]
        return said

    def _choices_in(self, code: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for written in filter(str.strip, self.cleaned_data.get(f"choices_{code}", "").splitlines()):
            match = CHOICE_LINE.match(written)
            if match is None:
                self.add_error(f"choices_{code}", _bad_choice(written))
                return {}
            found[match[1]] = match[2].strip()
        return found

    def fact(self) -> Fact:
        said = self.cleaned_data
        labels, hints = (
            {code: said[f"{name}_{code}"].strip() for code in Language.values}
            for name in ("label", "hint")
        )
        return Fact(
            key=said["key"] or slugify(labels["en"])[:50].strip("-") or "fact",
            kind=said["kind"],
            required=said["required"],
            labels={code: text for code, text in labels.items() if text},
            hints={code: text for code, text in hints.items() if text},
            choices=tuple((each["key"], each["names"]) for each in said["choices"]),
        )


def _bad_choice(written: str) -> forms.ValidationError:
    return forms.ValidationError(
        _("“%(line)s” needs a key, a colon and a name, such as upi: By UPI."),
        params={"line": written.strip()[:60]},
    )


def _unknown_choice(key: str) -> forms.ValidationError:
    return forms.ValidationError(
        _("There is no choice %(key)s in English. Write it there too, or take it out here."),
        params={"key": key},
    )


FactForms = forms.formset_factory(
    FactForm, OrderedForms, extra=1, can_delete=True, can_order=True, max_num=MOST_FACTS,
    absolute_max=MOST_FACTS,
)  # fmt: skip


def initial_of(facts: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return what the forms begin with."""
    return [_initial(Fact.read(written)) for written in facts]


def _initial(fact: Fact) -> dict[str, Any]:
    found: dict[str, Any] = {"key": fact.key, "kind": fact.kind, "required": fact.required}
    found |= {f"label_{code}": text for code, text in fact.labels.items()}
    found |= {f"hint_{code}": text for code, text in fact.hints.items()}
    for code in Language.values:
        named = [f"{key}: {names[code]}" for key, names in fact.choices if code in names]
        found[f"choices_{code}"] = "\n".join(named)
    return found


def facts_from(forms_of_facts: Any) -> list[Fact]:
    """Return the facts in the order people gave them; new ones without a number come last."""
    kept = [
        form
        for form in forms_of_facts
        if (form.has_changed() or form.initial) and not form.cleaned_data.get("DELETE")
    ]
    kept.sort(key=lambda form: form.cleaned_data.get("ORDER") or 1000)
    return [form.fact() for form in kept]
