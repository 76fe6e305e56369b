"""Until when, and why: what is asked before a case goes out of sight."""

from datetime import UTC, datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caseward.casework.models import Case
from caseward.casework.services.snoozing import LETTERS, LONGEST
from caseward.web.views.desk import snooze_times
from caseward.web.views.desk.act_forms import ActForm
from caseward.web.views.desk.showing.moments import zone as zone_name

OTHER = "AT"
BY_THE_MINUTE = "%Y-%m-%dT%H:%M"


class SnoozeForm(ActForm):
    """Quick choices, or a moment of one's own; a promise that ends before is pointed out."""

    when = forms.ChoiceField(label=_("Until when?"), widget=forms.RadioSelect)
    at = forms.DateTimeField(
        label=_("Another moment"),
        required=False,
        input_formats=[BY_THE_MINUTE],
        widget=forms.DateTimeInput(
            format=BY_THE_MINUTE, attrs={"class": "input", "type": "datetime-local"}
        ),
    )
    why = forms.CharField(
        label=_("Why?"),
        max_length=LETTERS,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now = timezone.now()
        self.quick = {choice.key: choice for choice in snooze_times.choices(self.now)}
        when = self.fields["when"]
        assert isinstance(when, forms.ChoiceField)
        when.choices = [
            *((choice.key, choice.label) for choice in self.quick.values()),
            (OTHER, gettext("At another moment, below")),
        ]
        when.initial = "TOMORROW"
        when.help_text = self._about_promises()
        zone = zone_name(timezone.localtime(self.now))
        self.fields["at"].help_text = gettext("In your time zone, %(zone)s.") % {"zone": zone}

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        until = self._until(said)
        if until is None:
            return said
        due_at = _due_at(self.case)
        if due_at and self.now < due_at < until and "anyway" not in self.data:
            self._ask_again(due_at)
        return {**said, "until": until}

    def _until(self, said: dict[str, Any]) -> datetime | None:
        """Return the chosen moment; None, with an error at its field, where it will not do."""
        chosen = self.quick.get(said.get("when", ""))
        if chosen is not None:
            return chosen.at
        if said.get("when") != OTHER or "at" not in said:
            return None  # that field has its error already
        at: datetime | None = said["at"]
        if at is None:
            self.add_error("at", gettext("Choose the day and the time."))
        elif at <= self.now:
            self.add_error("at", gettext("This moment is past. Choose one to come."))
        elif at > self.now + LONGEST:
            words = gettext("Choose a moment within %(days)d days.")
            self.add_error("at", words % {"days": LONGEST.days})
        else:
            return at
        return None

    def _ask_again(self, due_at: datetime) -> None:
        label = gettext("Snooze it all the same")
        self.fields["anyway"] = forms.BooleanField(label=label, required=False)
        words = gettext(
            "A promise ends before: %(when)s. Choose an earlier moment, or tick this to go on."
        )
        self.add_error("anyway", words % {"when": snooze_times.said(due_at)})

    def _about_promises(self) -> str:
        due_at = _due_at(self.case)
        if due_at is None:
            return gettext("No promise runs on this case.")
        if due_at <= self.now:
            return gettext("A promise of it is missed already. Its other promises run on.")
        words = gettext("Its promises run on while it is out of sight. The next one ends %(when)s.")
        return words % {"when": snooze_times.said(due_at)}


def _due_at(case: Case) -> datetime | None:
    """Return the tightest running deadline of a case; see `Case.urgency`."""
    second = case.urgency // 10
    return None if second >= Case.NOTHING_RUNNING else datetime.fromtimestamp(second, UTC)
