"""What is asked of somebody who writes a rule."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caseward.automation.deeds import Deeds
from caseward.automation.models import Rule, RuleVersion
from caseward.org import queries as org
from caseward.policy.models import MacroVersion, VersionState
from caseward.web.languages import named
from caseward.web.look import PRIORITY_LABELS
from caseward.web.views.content.fields import (
    TagsField,
    condition_fields,
    conditions_from,
    conditions_into,
    line,
    lines,
    select,
    ticks,
)

WHEN = {
    "case.opened": _("A case is opened"),
    "message.received": _("The requester writes"),
    "message.sent": _("We answer"),
    "note.added": _("A note is added"),
    "case.assigned": _("Somebody gets the case"),
    "case.released": _("The case is given back"),
    "case.tagged": _("Its tags change"),
    "case.prioritised": _("Its priority changes"),
    "case.recognised": _("Its reason changes"),
    "case.transferred": _("It is transferred"),
    "case.escalated": _("It is escalated"),
    "escalation.returned": _("It comes back from tier 2"),
    "case.resolved": _("It is resolved"),
    "case.reopened": _("It is reopened"),
    "clock.missed": _("A promise is missed"),
    "survey.answered": _("The requester rates it"),
}


class RuleForm(forms.Form):
    """When, if, then."""

    kinds = ticks(_("When one of these happens"), WHEN.items())
    after_minutes = forms.IntegerField(
        label=_("So many minutes later"),
        min_value=0,
        max_value=60 * 24 * 30,
        initial=0,
        widget=forms.NumberInput(attrs={"class": "input", "min": 0}),
        help_text=_("0 acts at once. Later, the conditions are looked at then."),
    )
    add_tags = TagsField(label=_("Add tags"), help_text=_("Commas between them."))
    remove_tags = TagsField(label=_("Take tags away"), help_text=_("Commas between them."))
    priority = forms.TypedChoiceField(
        label=_("Change the priority to"),
        coerce=int,
        empty_value=None,
        required=False,
        choices=[("", _("Leave it")), *PRIORITY_LABELS.items()],
        widget=select(),
    )
    note = forms.CharField(label=_("Add a note"), required=False, max_length=2000, widget=lines(2))
    assign_to = forms.CharField(
        label=_("Give it to"), required=False, max_length=50, widget=line(),
        help_text=_("What the person signs in with, such as nandini-iyer."),
    )  # fmt: skip
    escalate_why = forms.CharField(
        label=_("Escalate to tier 2, asking for"), required=False, max_length=500, widget=lines(2)
    )
    snooze_hours = forms.IntegerField(
        label=_("Put it off for so many hours"), required=False, min_value=1, max_value=24 * 30,
        widget=forms.NumberInput(attrs={"class": "input", "min": 1}),
        help_text=_("In the name of whoever turns the rule on."),
    )  # fmt: skip
    notify = forms.CharField(
        label=_("Tell who leads the line of business"), required=False, max_length=500,
        widget=lines(2),
    )  # fmt: skip

    def __init__(self, *args: Any, rule: Rule, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["macro"] = _optional(_("Answer with the macro"), _macros(rule.lob_id))
        lobs = [(lob.key, named(lob)) for lob in org.lines_of_business().values()]
        self.fields["lob"] = _optional(_("Transfer it to"), lobs)
        self.fields |= condition_fields(rule.lob_id, of_rules=True)

    @property
    def when(self) -> list[Any]:
        return [self["kinds"], self["after_minutes"]]

    @property
    def doing(self) -> list[Any]:
        names = ("add_tags", "remove_tags", "priority", "note", "macro", "lob", "assign_to")
        return [self[name] for name in (*names, "escalate_why", "snooze_hours", "notify")]

    @property
    def asked(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("if_")]

    def content(self) -> dict[str, Any]:
        """Return what `automation.services.write_rule` keeps."""
        said = self.cleaned_data
        return {
            "kinds": said["kinds"],
            "after_minutes": said["after_minutes"],
            "conditions": conditions_from(said).stored(),
            "deeds": Deeds.read(said).stored(),
        }


def initial_of(version: RuleVersion) -> dict[str, Any]:
    deeds = version.deeds
    return {
        **deeds,
        "kinds": version.kinds,
        "after_minutes": version.after_minutes,
        "add_tags": ", ".join(deeds.get("add_tags", ())),
        "remove_tags": ", ".join(deeds.get("remove_tags", ())),
        **conditions_into(version.conditions),
    }


def _macros(lob_id: int | None) -> list[tuple[str, str]]:
    found = MacroVersion.objects.filter(state=VersionState.RELEASED, macro__is_active=True)
    if lob_id is not None:
        found = found.filter(macro__lob_id__in=[lob_id]) | found.filter(macro__lob_id=None)
    return [
        (key, title) for key, title in found.values_list("macro__key", "title").order_by("title")
    ]


def _optional(label: Any, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", _("Leave it")), *choices], widget=select()
    )
