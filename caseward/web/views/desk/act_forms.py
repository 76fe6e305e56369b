"""The questions a verb on a case asks."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caseward.casework import access
from caseward.casework.models import Case, Party
from caseward.core.references import parse_reference
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.policy import queries as policy
from caseward.policy.models import Disposition, Reason
from caseward.routing.queries import colleagues_for
from caseward.web.languages import named
from caseward.web.look import PRIORITY_LABELS


def select() -> forms.Select:
    return forms.Select(attrs={"class": "select"})


def lines(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"class": "textarea", "rows": rows})


def line() -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "autocomplete": "off"})


class ActForm(forms.Form):
    """A form about a case, asked by somebody."""

    def __init__(self, *args: Any, case: Case, by: StaffMember, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", f"id_{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
        self.case, self.by = case, by


class NamedChoice(forms.TypedChoiceField):
    """A choice among rows that are kept in memory and carry a name in each language.

    Nothing is chosen for anybody: what stands first would be picked too often.
    """

    def __init__(self, rows: Iterable[Reason | Disposition], **kwargs: Any) -> None:
        known = {str(row.pk): row for row in rows}
        choices = [
            ("", _("Choose…")),
            *((key, named(row)) for key, row in known.items()),
        ]
        super().__init__(choices=choices, coerce=known.__getitem__, **kwargs)


class ResolveForm(ActForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["disposition"] = NamedChoice(
            policy.dispositions_of(self.case.lob_id), label=_("How did it end?"), widget=select()
        )


class TransferForm(ActForm):
    language = forms.ChoiceField(label=_("Language"), choices=Language.choices, widget=select())
    why = forms.CharField(label=_("Why?"), max_length=300, widget=line())
    field_order = ("lob", "language", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lobs = org.lines_of_business().values()
        self.fields["lob"] = forms.TypedChoiceField(
            label=_("Line of business"),
            coerce=int,
            choices=[(lob.pk, named(lob)) for lob in lobs],
            initial=self.case.lob_id,
            widget=select(),
        )
        self.fields["language"].initial = self.case.language
        self.order_fields(self.field_order)


class AssignForm(ActForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        colleagues = colleagues_for(self.case.queue)
        if self.case.assignee_id:
            colleagues = colleagues.exclude(pk=self.case.assignee_id)
        self.fields["to"] = forms.ModelChoiceField(
            label=_("To whom?"),
            queryset=colleagues,
            widget=select(),
            empty_label=_("Choose…"),
        )


class PriorityForm(ActForm):
    priority = forms.TypedChoiceField(
        label=_("Priority"),
        coerce=int,
        choices=list(PRIORITY_LABELS.items()),
        widget=select(),
        help_text=_("Its promises are counted anew from when the case began."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["priority"].initial = self.case.priority


class ReasonForm(ActForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = NamedChoice(
            policy.reasons_of(self.case.lob_id),
            label=_("What is it about?"),
            initial=self.case.reason_id,
            widget=select(),
        )


class OtherCaseForm(ActForm):
    other = forms.CharField(
        label=_("Reference of the other case"),
        max_length=20,
        widget=line(),
        help_text=_("Such as CW-7F3K-9QP."),
    )

    def clean_other(self) -> str:
        reference = parse_reference(self.cleaned_data["other"])
        if reference is None:
            raise forms.ValidationError(
                _("This is no case reference. Copy it from the case you mean.")
            )
        try:
            access.case_to_read(reference=reference, by=self.by)
        except access.CaseNotVisible:
            raise forms.ValidationError(
                _("There is no case %(reference)s that you may see."),
                params={"reference": reference},
            ) from None
        return reference


class MergeForm(OtherCaseForm):
    pass


class LinkForm(OtherCaseForm):
    note = forms.CharField(
        label=_("What do they have to do with each other?"),
        required=False,
        max_length=200,
        widget=line(),
    )


class RevealForm(ActForm):
    why = forms.CharField(
        label=_("Why do you need to see it?"),
        help_text=_("Who looked, when and why stays on the timeline."),
        max_length=300,
        widget=line(),
    )
    field_order = ("part", "why")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parts = {party.part for party in self.case.parties.all()}
        self.fields["part"] = forms.ChoiceField(
            label=_("Whose?"),
            choices=[choice for choice in Party.Part.choices if choice[0] in parts],
            widget=select(),
        )
        self.order_fields(self.field_order)
