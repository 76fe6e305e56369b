"""What is asked of somebody who writes a rota."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caseward.casework.emergency.on_call import rotas, zone_of
from caseward.casework.emergency.rotas import on_call_staff
from caseward.core.on_call_hours import BadHours, read_hours, written_hours
from caseward.org import queries as org
from caseward.org.models import Region, StaffMember
from caseward.policy import access
from caseward.web.languages import named
from caseward.web.views.content.fields import OrderedForms, line, lines, select

MOST_PEOPLE = 30


class RotaForm(forms.Form):
    """Whom a rota is for, and where pages go after it."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=line())

    def __init__(self, *args: Any, by: StaffMember, key: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        regions = list(Region.objects.order_by("name").values_list("key", "name"))
        self.fields["region"] = forms.ChoiceField(
            label=_("Region"), choices=regions, widget=select(),
            help_text=_("Of the site where somebody raises the emergency."),
        )  # fmt: skip
        self.fields["line_of_business"] = forms.ChoiceField(
            label=_("Line of business"), choices=lines_for(by), required=False, widget=select(),
            help_text=_("A rota of one line goes before one for all."),
        )  # fmt: skip
        others = [(rota.key, rota.name) for rota in rotas().values() if rota.key != key]
        self.fields["fallback"] = forms.ChoiceField(
            label=_("And then"), required=False, widget=select(),
            choices=[("", _("The leads of the line of business")), *others],
            help_text=_("Who is paged where nobody is on call, or two pages were missed."),
        )  # fmt: skip

    def facts(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "name": said["name"].strip(),
            "region": said["region"],
            "line_of_business": said["line_of_business"] or None,
            "fallback": said["fallback"] or None,
        }


def lines_for(by: StaffMember) -> list[tuple[str, Any]]:
    """Return the lines somebody answers for; all of them together for who answers for all."""
    own = [
        (lob.key, named(lob))
        for pk, lob in org.lines_of_business().items()
        if access.may_release(by, pk)
    ]
    return [("", _("Every line of business")), *own] if access.may_release(by, None) else own


class PersonForm(forms.Form):
    """Somebody on a rota: when, and how they are reached."""

    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=line(inputmode="email"),
        help_text=_("Their work address if left empty."),
    )  # fmt: skip
    webhook = forms.URLField(
        label=_("Webhook"), required=False, max_length=500, assume_scheme="https",
        widget=line(inputmode="url"),
        help_text=_("Such as that of a pager, beginning with https://."),
    )  # fmt: skip
    windows = forms.CharField(
        label=_("Hours"), required=False, max_length=1000, widget=lines(3, spellcheck="false"),
        help_text=_(
            "A line each, in the time zone of their site: mon-fri 18:00-06:00, or sat,sun "
            "00:00-24:00. Empty: at any time."
        ),
    )  # fmt: skip

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"] = forms.ChoiceField(
            label=_("Who"), choices=[("", _("Choose…")), *people], widget=select()
        )
        self.order_fields(["staff", "windows", "email", "webhook"])

    def clean_windows(self) -> dict[str, list[list[str]]]:
        try:
            return read_hours(self.cleaned_data["windows"])
        except BadHours as refused:
            raise forms.ValidationError(
                _("“%(line)s” says no hours. Write days, then hours: mon-fri 09:00-18:00."),
                params={"line": refused.line[:60]},
            ) from None

    def clean_webhook(self) -> str:
        url = str(self.cleaned_data["webhook"])
        if url and not url.startswith("https://"):
            raise forms.ValidationError(_("Write an address that begins with https://."))
        return url


PeopleForms = forms.formset_factory(
    PersonForm, OrderedForms, extra=1, can_delete=True, can_order=True, max_num=MOST_PEOPLE,
    absolute_max=MOST_PEOPLE,
)  # fmt: skip


def people_choices() -> list[tuple[str, str]]:
    """Return whom a rota may name, each with the time zone their hours are in."""
    return [
        (member.key, f"{member.name} ({zone_of(member)})")
        for member in on_call_staff().order_by("name", "pk")
    ]


def people_initial(entry: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    people = entry["people"] if entry else []
    return [{**person, "windows": written_hours(person["windows"])} for person in people]


def people_from(forms_of_people: Any) -> list[dict[str, Any]]:
    """Return the people in the order somebody gave them; new ones without a number come last."""
    kept = [
        form
        for form in forms_of_people
        if (form.has_changed() or form.initial) and not form.cleaned_data.get("DELETE")
    ]
    kept.sort(key=lambda form: form.cleaned_data.get("ORDER") or 1000)
    names = ("staff", "email", "webhook", "windows")
    return [{name: form.cleaned_data[name] for name in names} for form in kept]
