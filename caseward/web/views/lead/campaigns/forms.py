"""What a campaign is asked: name, until when, who helps, which macros come first."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caseward.casework.campaigns import Plan
from caseward.casework.models import Campaign
from caseward.org.models import StaffMember
from caseward.policy.macros import macros_for

LONGEST_NAME = 80


class PlanForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=LONGEST_NAME,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )  # fmt: skip
    goal_at = forms.DateTimeField(
        label=_("To be clear by"),
        input_formats=["%Y-%m-%dT%H:%M"],
        help_text=_("In the time of your site."),
        widget=forms.DateTimeInput(
            format="%Y-%m-%dT%H:%M", attrs={"class": "input", "type": "datetime-local"}
        ),
    )
    takes_new = forms.BooleanField(
        label=_("Cases that come to fit join"), required=False,
    )  # fmt: skip

    def __init__(
        self,
        *args: Any,
        now: datetime,
        helpers: Iterable[StaffMember],
        lob_ids: Iterable[int],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.helpers = now, {str(person.pk): person for person in helpers}
        versions = {v.macro.key: v.title for lob_id in lob_ids for v in macros_for(lob_id)}
        titled = sorted(versions.items(), key=lambda pair: pair[1])
        self.fields["macros"] = forms.MultipleChoiceField(
            label=_("Macros offered first"), required=False,
            choices=titled,
            widget=forms.SelectMultiple(attrs={"class": "select", "size": "6"}),
        )  # fmt: skip
        self.fields["members"] = forms.MultipleChoiceField(
            label=_("Who helps"), required=False,
            choices=[(key, person.name) for key, person in self.helpers.items()],
            error_messages={
                "invalid_choice": _("Somebody chosen may take none of these cases.")
            },
        )  # fmt: skip

    def clean_goal_at(self) -> datetime:
        goal_at: datetime = self.cleaned_data["goal_at"]
        if goal_at <= self.now:
            raise forms.ValidationError(_("This moment is over. Choose one to come."))
        return goal_at

    def plan(self) -> Plan:
        said = self.cleaned_data
        return Plan(
            name=said["name"],
            goal_at=said["goal_at"],
            members=[self.helpers[key] for key in said["members"]],
            macros=said["macros"],
            takes_new=said["takes_new"],
        )


def initial_of(campaign: Campaign) -> dict[str, Any]:
    return {
        "name": campaign.name,
        "goal_at": campaign.goal_at,
        "takes_new": campaign.takes_new,
        "macros": campaign.macros,
        "members": [str(pk) for pk in campaign.members.values_list("staff_id", flat=True)],
    }
