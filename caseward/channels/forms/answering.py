"""The questions of a form as a Django form: what may be answered, and what to do if it may not."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, URLValidator
from django.utils.translation import gettext_lazy as _

from caseward.channels.forms.definition import Definition, Question, said_in
from caseward.policy import queries as policy

LONGEST_LINE = 200
LONGEST_LINK = 2_000
LONGEST_TEXT = 20_000
MOST_RADIO_BUTTONS = 7
AUTOCOMPLETE = {"email": "email", "name": "name", "phone": "tel", "handle": "username"}
TOO_LONG = _("Shorten this to %(limit_value)d characters; it has %(show_value)d.")
CHOOSE = _("Choose one of the answers.")
FILL_IN = _("Fill this in.")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SPACES = re.compile(r"\s+")


class OneLine(forms.CharField):
    """A line of text: breaks and control characters in it are spaces."""

    def to_python(self, value: Any) -> str:
        return _SPACES.sub(" ", _CONTROL.sub(" ", super().to_python(value) or "")).strip()


class Paragraphs(forms.CharField):
    """A longer text: its breaks stay, control characters go."""

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")
        return _CONTROL.sub("", text)


class Address(forms.EmailField):
    def to_python(self, value: Any) -> str:
        return _CONTROL.sub("", super().to_python(value) or "").strip()


class AnswerForm(forms.Form):
    """What a form asks, in one language."""

    def __init__(
        self,
        definition: Definition,
        *,
        language: str,
        today: date,
        data: Any = None,
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        for question in definition.questions:
            self.fields[question.key] = _field(question, definition, language, today)


def _field(question: Question, definition: Definition, language: str, today: date) -> forms.Field:
    wrong = said_in(question.errors, language)
    field = _of_kind(question, definition, language, today, wrong)
    field.label = said_in(question.labels, language)
    field.help_text = said_in(question.hints, language)
    field.required = question.is_required
    field.error_messages |= {
        "required": wrong or FILL_IN,
        "invalid": wrong or FILL_IN,
        "invalid_choice": wrong or CHOOSE,
    }
    return field


def _of_kind(
    question: Question, definition: Definition, language: str, today: date, wrong: str
) -> forms.Field:
    match question.kind:
        case "textarea":
            field: forms.Field = Paragraphs(widget=forms.Textarea(_attrs("textarea", rows=6)))
            return _no_longer_than(field, LONGEST_TEXT)
        case "email":
            widget = forms.EmailInput(_attrs("input", autocomplete="email", inputmode="email"))
            return Address(widget=widget)
        case "url":
            return _link(wrong)
        case "date":
            return _past_day(today, wrong)
        case "checkbox":
            return forms.BooleanField()
        case "reason":
            return _choice(
                [
                    (reason.key, reason.name_in(language))
                    for reason in policy.reasons_of(definition.lob_id)
                ]
            )
        case "choice":
            return _choice([(key, said_in(names, language)) for key, names in question.choices])
        case _:
            return _line(question.key)


def _attrs(looks: str, **others: Any) -> dict[str, Any]:
    return {"class": looks, **others}


def _line(key: str) -> forms.Field:
    known = {"autocomplete": AUTOCOMPLETE[key]} if key in AUTOCOMPLETE else {}
    return _no_longer_than(OneLine(widget=forms.TextInput(_attrs("input", **known))), LONGEST_LINE)


def _link(wrong: str) -> forms.Field:
    field = OneLine(widget=forms.URLInput(_attrs("input", inputmode="url")))
    field.validators.append(URLValidator(schemes=["http", "https"], message=wrong or None))
    return _no_longer_than(field, LONGEST_LINK)


def _past_day(today: date, wrong: str) -> forms.Field:
    def is_past(day: date) -> None:
        if day > today or day.year < 1900:
            raise ValidationError(wrong or FILL_IN)

    widget = forms.DateInput(_attrs("input", type="date", max=today.isoformat()), format="%Y-%m-%d")
    return forms.DateField(widget=widget, input_formats=["%Y-%m-%d"], validators=[is_past])


def _choice(options: list[tuple[str, str]]) -> forms.Field:
    if len(options) > MOST_RADIO_BUTTONS:
        return forms.ChoiceField(
            choices=[("", "—"), *options], widget=forms.Select(_attrs("select"))
        )
    return forms.ChoiceField(choices=options, widget=forms.RadioSelect())


def _no_longer_than(field: forms.Field, most: int) -> forms.Field:
    # No `maxlength` in the page: browsers would cut off what is pasted without a word.
    field.validators.append(MaxLengthValidator(most, TOO_LONG))
    return field
