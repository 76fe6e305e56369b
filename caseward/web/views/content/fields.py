"""Form fields for conditions, tags and texts in several languages."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from caseward.casework.models import Case
from caseward.core.conditions import TAGS, WITHOUT_TAGS, Conditions
from caseward.org import queries as org
from caseward.org.models import Language
from caseward.policy import queries as policy
from caseward.web.languages import named
from caseward.web.look import PRIORITY_LABELS
from caseward.web.views.desk.typed import number_in
from caseward.web.views.tags import typed_tag

MOST_TAGS = 20
MORE = "more"  # the button that asks for room in a set of forms, and keeps nothing


def select() -> forms.Select:
    return forms.Select(attrs={"class": "select"})


def line(**attrs: Any) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "autocomplete": "off", **attrs})


def lines(rows: int = 3, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "textarea", "rows": rows, **attrs})


class OrderedForms(forms.BaseFormSet):  # type: ignore[type-arg]  # not generic when it runs
    """A set of forms whose order people give as numbers."""

    ordering_widget = forms.NumberInput(  # type: ignore[assignment]  # an instance will do
        attrs={"class": "input", "min": 1, "inputmode": "numeric"}
    )


def with_more_room(posted: QueryDict, prefix: str) -> QueryDict | None:
    """Return what was posted of a set of forms, with room for one more where asked for."""
    if not posted or MORE not in posted:
        return posted or None
    data = posted.copy()
    total = number_in(data.get(f"{prefix}-TOTAL_FORMS", "")) or 0
    data[f"{prefix}-TOTAL_FORMS"] = str(total + 1)
    return data


class TagsField(forms.CharField):
    """Tags with commas between them; given back as a list, each once."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=400, widget=line(), **kwargs)

    def clean(self, value: Any) -> Any:
        words = str(super().clean(value)).split(",")
        return list(dict.fromkeys(typed_tag(word) for word in words if word.strip()))[:MOST_TAGS]


class CountriesField(TagsField):
    """Country codes with commas between them."""

    def clean(self, value: Any) -> Any:
        codes = [code.upper() for code in super().clean(value)]
        if wrong := [code for code in codes if not (len(code) == 2 and code.isalpha())]:
            raise forms.ValidationError(
                _("%(codes)s is no country code. Write two letters each, such as IN, MY."),
                params={"codes": ", ".join(wrong)},
            )
        return codes


def ticks(label: Any, choices: Iterable[tuple[Any, Any]]) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=list(choices), required=False, widget=forms.CheckboxSelectMultiple
    )


def lob_choices() -> list[tuple[str, str]]:
    return [(lob.key, named(lob)) for lob in org.lines_of_business().values()]


def reason_choices(lob_id: int | None) -> list[tuple[str, str]]:
    """Return the reasons of a line of business, or of all of them with its name."""
    if lob_id is not None:
        return [(reason.key, named(reason)) for reason in policy.reasons_of(lob_id)]
    lobs = org.lines_of_business()
    found = {
        reason.key: f"{lobs[reason.lob_id].name_in('en')}: {reason.name_in('en')}"
        for reason in policy.reasons().values()
        if reason.is_active and reason.lob_id in lobs
    }
    return list(found.items())


def condition_fields(lob_id: int | None, *, of_rules: bool = False) -> dict[str, forms.Field]:
    """Return the questions that conditions are written with; nothing ticked asks for nothing."""
    found: dict[str, forms.Field] = {}
    if lob_id is None:
        found["if_lob"] = ticks(_("Line of business"), lob_choices())
    found |= {
        "if_reason": ticks(_("Reason"), reason_choices(lob_id)),
        "if_tier": ticks(_("Tier"), [("1", _("Tier 1")), ("2", _("Tier 2"))]),
        "if_language": ticks(_("Language of the case"), Language.choices),
        "if_channel": ticks(_("Channel"), Case.Channel.choices),
    }
    if of_rules:
        found |= {
            "if_priority": ticks(_("Priority"), [(str(k), v) for k, v in PRIORITY_LABELS.items()]),
            "if_status": ticks(_("Status"), Case.Status.choices),
            f"if_{TAGS}": TagsField(label=_("With all of these tags")),
            f"if_{WITHOUT_TAGS}": TagsField(label=_("With none of these tags")),
        }
    found["if_country"] = CountriesField(
        label=_("Countries"), help_text=_("Two letters each, commas between them: IN, MY.")
    )
    return found


def conditions_from(cleaned: dict[str, Any]) -> Conditions:
    stored = {
        name.removeprefix("if_"): value for name, value in cleaned.items() if name[:3] == "if_"
    }
    return Conditions.read(stored)


def conditions_into(conditions: dict[str, list[str]]) -> dict[str, Any]:
    """Return initial values of the fields above."""
    as_lines = {"country", TAGS, WITHOUT_TAGS}
    return {
        f"if_{name}": ", ".join(values) if name in as_lines else list(values)
        for name, values in conditions.items()
    }
