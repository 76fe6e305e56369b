"""The form in which somebody sets what people may meet at most."""

from dataclasses import asdict, fields
from typing import Any

from django import forms
from django.utils.formats import localize, sanitize_separators
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from caseward.core.exposure import MODALITIES, MOST_SEVERE, Caps, WrongCaps
from caseward.web.views.wellbeing import words

MOST_MINUTES = 7 * 24 * 60
INPUT = {"class": "input", "autocomplete": "off"}
LENGTHS = {"weights": MOST_SEVERE + 1, "modality_weights": len(MODALITIES)}


class Numbers(forms.CharField):
    """So many numbers with spaces between them."""

    def __init__(self, *, many: int, **kwargs: Any) -> None:
        self.many = many
        super().__init__(max_length=80, widget=forms.TextInput(attrs=INPUT), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        numbers = isinstance(value, tuple | list)
        return " ".join(localize(_whole(one)) for one in value) if numbers else value

    def clean(self, value: Any) -> tuple[float, ...]:
        written = str(super().clean(value)).split()
        try:
            numbers = tuple(float(sanitize_separators(one)) for one in written)
        except ValueError:
            numbers = ()
        if len(numbers) != self.many or not all(0 <= one <= 10 for one in numbers):
            raise forms.ValidationError(
                _("Write %(many)s numbers from 0 to 10 with spaces between them."),
                params={"many": self.many},
            )
        return numbers


class CapsForm(forms.Form):
    """Every number of `Caps`, why they are set, and a tick where more is allowed than before."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    is_meant = forms.BooleanField(
        label=lazy("Yes, people may meet more than before"), required=False
    )
    why = forms.CharField(
        label=lazy("Why?"), max_length=200, widget=forms.TextInput(attrs=INPUT),
        help_text=lazy("Whoever these caps are for can read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        caps = {field.name: _field(field.name) for field in fields(Caps)}
        self.fields = {**caps, **self.fields}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if not self.errors:
            self._read(said)
        return said

    def _read(self, said: dict[str, Any]) -> None:
        try:
            self.caps = Caps(**{field.name: said[field.name] for field in fields(Caps)})
        except WrongCaps:
            self.add_error("weights", _("They must not fall from one severity to the next."))


def _field(name: str) -> forms.Field:
    if many := LENGTHS.get(name):
        return Numbers(many=many, label=words.cap_name(name))
    kind = forms.IntegerField if name == "longest_run" else forms.FloatField
    widget = forms.NumberInput(attrs={**INPUT, "step": "any"})
    unit = "" if name in words.COUNTED else _("In minutes.")
    return kind(
        label=words.cap_name(name), min_value=0, max_value=MOST_MINUTES, widget=widget,
        help_text=unit,
    )  # fmt: skip


def initial_of(caps: Caps, seen: int) -> dict[str, Any]:
    return {name: _whole(value) for name, value in asdict(caps).items()} | {"seen": seen}


def _whole(value: Any) -> Any:
    """Return 15.0 as 15, as somebody would write it."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
