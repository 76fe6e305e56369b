"""What is asked of somebody who writes a macro."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caseward.core.conditions import Conditions
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.policy import access, crisis
from caseward.policy import queries as policy
from caseward.policy.macro_actions import PENDING, RESOLVE, Actions
from caseward.policy.macros import CRISIS, KNOWN
from caseward.policy.models import Macro, MacroVersion
from caseward.web.languages import named
from caseward.web.look import PRIORITY_LABELS
from caseward.web.views.content.fields import (
    TagsField,
    condition_fields,
    conditions_from,
    conditions_into,
    line,
    lines,
    reason_choices,
    select,
)

BRACED = re.compile(r"\{([^{}\n]*)\}")


def unknown_placeholders(text: str) -> list[str]:
    """Return what stands in braces and nothing fills in."""
    known = {*KNOWN, *(f"{CRISIS}{key}" for key in crisis.needs())}
    return [word for word in dict.fromkeys(BRACED.findall(text)) if word not in known]


class NewMacroForm(forms.Form):
    """Where a macro belongs and what it is called."""

    title = forms.CharField(label=_("Name"), max_length=120, widget=line())
    key = forms.SlugField(
        label=_("Key"),
        max_length=50,
        widget=line(),
        help_text=_("Lower-case letters, digits and hyphens; files of the operation use it."),
    )

    def __init__(self, *args: Any, by: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lobs: list[tuple[str, Any]] = [
            (str(pk), named(lob))
            for pk, lob in org.lines_of_business().items()
            if access.may_write(by, pk)
        ]
        if access.may_write(by, None):
            lobs = [("", _("Every line of business")), *lobs]
        self.fields["lob"] = forms.TypedChoiceField(
            label=_("Line of business"),
            choices=lobs,
            coerce=lambda value: org.lines_of_business()[int(value)],
            empty_value=None,
            required=False,
            widget=select(),
        )


class MacroForm(forms.Form):
    """A version of a macro: its texts, what it does besides, and of which cases."""

    title = forms.CharField(label=_("Name"), max_length=120, widget=line())
    note = forms.CharField(
        label=_("What is new in this version?"), max_length=300, required=False, widget=line()
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
    then = forms.ChoiceField(
        label=_("And then"),
        required=False,
        choices=[
            ("", _("What the writer chooses")),
            (PENDING, _("Wait for the requester")),
            (RESOLVE, _("Resolve the case")),
        ],
        widget=select(),
    )
    escalate_why = forms.CharField(
        label=_("Escalate to tier 2, asking for"), required=False, max_length=500, widget=lines(2)
    )
    is_safe_when_locked = forms.BooleanField(
        label=_("May be sent on a case under a no-disclosure lock"), required=False
    )

    def __init__(self, *args: Any, macro: Macro, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in Language.choices:
            self.fields[f"text_{code}"] = forms.CharField(
                label=name,
                required=code == "en",
                max_length=10_000,
                widget=lines(9, lang=code, dir="auto"),
            )
        lob_id = macro.lob_id
        self.fields["reason"] = _optional(_("Change the reason to"), reason_choices(lob_id))
        self.fields["disposition"] = _optional(_("Resolve it as"), _endings(lob_id))
        self.fields |= condition_fields(lob_id)

    @property
    def texts(self) -> list[Any]:
        return [self[f"text_{code}"] for code in Language.values]

    @property
    def doing(self) -> list[Any]:
        names = ("reason", "priority", "add_tags", "remove_tags", "then", "disposition")
        return [self[name] for name in (*names, "escalate_why")]

    @property
    def asked(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("if_")]

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        for code in Language.values:
            self._check_placeholders(f"text_{code}", str(said.get(f"text_{code}", "")))
        if said.get("then") == RESOLVE and not said.get("disposition"):
            self.add_error("disposition", _("Choose how the case ends."))
        if said.get("then") == RESOLVE and said.get("escalate_why"):
            self.add_error("escalate_why", _("A case is resolved or escalated, not both."))
        return said

    def _check_placeholders(self, name: str, text: str) -> None:
        for word in unknown_placeholders(text):
            self.add_error(
                name,
                forms.ValidationError(
                    _("Nothing fills in {%(word)s}. Known: %(known)s."),
                    params={"word": word, "known": ", ".join(f"{{{one}}}" for one in known())},
                ),
            )

    def content(self) -> dict[str, Any]:
        """Return what `services.versions.write_draft` keeps."""
        said = self.cleaned_data
        texts = {code: said[f"text_{code}"].strip() + "\n" for code in Language.values}
        conditions: Conditions = conditions_from(said)
        return {
            "title": said["title"],
            "texts": {code: text for code, text in texts.items() if text.strip()},
            "actions": Actions.read(said).stored(),
            "conditions": conditions.stored(),
            "is_safe_when_locked": said["is_safe_when_locked"],
        }


def known() -> list[str]:
    return [*KNOWN, *(f"{CRISIS}{key}" for key in crisis.needs())]


def initial_of(version: MacroVersion) -> dict[str, Any]:
    """Return what the form begins with."""
    actions = Actions.read(version.actions)
    return {
        "title": version.title,
        "note": version.note if version.is_open else "",
        "is_safe_when_locked": version.is_safe_when_locked,
        **{f"text_{code}": text for code, text in version.texts.items()},
        "add_tags": ", ".join(actions.add_tags),
        "remove_tags": ", ".join(actions.remove_tags),
        "priority": actions.priority or "",
        "reason": actions.reason,
        "then": actions.then,
        "disposition": actions.disposition,
        "escalate_why": actions.escalate_why,
        **conditions_into(version.conditions),
    }


def _endings(lob_id: int | None) -> list[tuple[str, str]]:
    found = policy.dispositions_of(lob_id or 0)
    return [(ending.key, named(ending)) for ending in found]


def _optional(label: Any, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, required=False, choices=[("", _("Leave it")), *choices], widget=select()
    )
