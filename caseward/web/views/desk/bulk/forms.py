"""What a bulk action asks, and its answers as the verbs of `casework.bulk` take them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caseward.casework.access import MOVES_ANY_CASE, lobs_of
from caseward.casework.models import BulkAction
from caseward.casework.services.snoozing import LETTERS, LONGEST
from caseward.channels.links import hidden_status_url
from caseward.org import queries as org
from caseward.org.models import Language, StaffMember
from caseward.policy import queries as policy
from caseward.policy.macros import filled, macros_for
from caseward.routing.queries import colleagues_for, queues
from caseward.web.languages import named
from caseward.web.look import PRIORITY_LABELS
from caseward.web.views.desk import snooze_times
from caseward.web.views.desk.showing.moments import zone as zone_name
from caseward.web.views.desk.snooze_form import BY_THE_MINUTE
from caseward.web.views.floor.queues import queue_name
from caseward.web.views.tags import TagField

AS_IT_IS = [("", _("As it is"))]
CHOOSE = [("", _("Choose…"))]

type About = dict[str, Any]


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "select"})


def _line(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "autocomplete": "off", **attrs})


class BulkForm(forms.Form):
    """A form about the cases of an action, wherever they wait."""

    def __init__(self, *args: Any, action: BulkAction, by: StaffMember, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.action, self.by = action, by
        pairs = set(action.items.order_by().values_list("case__queue_id", "case__lob_id"))
        self.queue_ids = sorted({queue_id for queue_id, _lob in pairs})
        self.lob_ids = sorted({lob_id for _queue, lob_id in pairs})
        self.ask()

    def ask(self) -> None:
        """Add the fields whose choices depend on the cases."""

    def about(self) -> About:
        return {}


class AssignForm(BulkForm):
    def ask(self) -> None:
        found: dict[int, str] = {}
        for queue_id in self.queue_ids:
            found |= dict(colleagues_for(queues()[queue_id]).values_list("pk", "name"))
        people = sorted(found.items(), key=lambda person: (person[1], person[0]))
        self.fields["to"] = forms.TypedChoiceField(
            label=_("To whom?"), coerce=int, choices=[*CHOOSE, *people], widget=_select()
        )

    def about(self) -> About:
        return {"to": self.cleaned_data["to"]}


class TransferForm(BulkForm):
    language = forms.ChoiceField(
        label=_("Language"), choices=[*AS_IT_IS, *Language.choices], required=False,
        widget=_select(),
    )  # fmt: skip
    why = forms.CharField(label=_("Why?"), max_length=300, widget=_line())
    field_order = ("lob", "language", "why")

    def ask(self) -> None:
        lobs = [(pk, named(lob)) for pk, lob in org.lines_of_business().items()]
        self.fields["lob"] = forms.TypedChoiceField(
            label=_("Line of business"), coerce=int, empty_value=None, required=False,
            choices=[*AS_IT_IS, *lobs], widget=_select(),
        )  # fmt: skip
        self.order_fields(self.field_order)

    def clean(self) -> dict[str, Any]:
        if not self.cleaned_data.get("lob") and not self.cleaned_data.get("language"):
            raise forms.ValidationError(_("Choose another line of business, language, or both."))
        return self.cleaned_data

    def about(self) -> About:
        return {name: self.cleaned_data[name] for name in self.field_order}


class MoveForm(BulkForm):
    why = forms.CharField(label=_("Why?"), max_length=300, widget=_line())
    field_order = ("queue", "why")

    def ask(self) -> None:
        mine = [queue for queue in queues().values() if queue.lob_id in lobs_of(self.by)]
        named = sorted((queue_name(queue), queue.pk) for queue in mine)
        self.fields["queue"] = forms.TypedChoiceField(
            label=_("To which queue?"), coerce=int, widget=_select(),
            choices=[*CHOOSE, *((pk, name) for name, pk in named)],
            help_text=_("Whoever holds a case loses it. In another line of business it has no"
                        " reason until somebody gives it one."),
        )  # fmt: skip
        self.order_fields(self.field_order)

    def about(self) -> About:
        return {name: self.cleaned_data[name] for name in self.field_order}


class ManySnoozeForm(BulkForm):
    until = forms.DateTimeField(
        label=_("Until when?"), input_formats=[BY_THE_MINUTE],
        widget=forms.DateTimeInput(
            format=BY_THE_MINUTE, attrs={"class": "input", "type": "datetime-local"}
        ),
    )  # fmt: skip
    why = forms.CharField(label=_("Why?"), max_length=LETTERS, widget=_line())
    anyway = forms.BooleanField(
        label=_("Also those of which a promise ends before; promises run on"), required=False
    )

    def ask(self) -> None:
        now = timezone.now()
        tomorrow = next(each.at for each in snooze_times.choices(now) if each.key == "TOMORROW")
        self.fields["until"].initial = tomorrow
        zone = zone_name(timezone.localtime(now))
        self.fields["until"].help_text = _("In your time zone, %(zone)s.") % {"zone": zone}
        if self.initial.get("until"):
            self.initial["until"] = datetime.fromisoformat(self.initial["until"])

    def clean_until(self) -> datetime:
        until: datetime = self.cleaned_data["until"]
        now = timezone.now()
        if until <= now:
            raise forms.ValidationError(_("This moment is past. Choose one to come."))
        if until > now + LONGEST:
            words = _("Choose a moment within %(days)d days.")
            raise forms.ValidationError(words % {"days": LONGEST.days})
        return until

    def about(self) -> About:
        return {**self.cleaned_data, "until": self.cleaned_data["until"].isoformat()}


class PriorityForm(BulkForm):
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, choices=list(PRIORITY_LABELS.items()), widget=_select()
    )

    def about(self) -> About:
        return {"priority": self.cleaned_data["priority"]}


class TagForm(BulkForm):
    tag = TagField(label=_("Tag"), widget=_line())

    def about(self) -> About:
        return {"tag": self.cleaned_data["tag"]}


class NoteForm(BulkForm):
    text = forms.CharField(
        label=_("Note"), max_length=4000, help_text=_("A note stays: it cannot be undone."),
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 4}),
    )  # fmt: skip
    in_house = forms.BooleanField(label=_("Only in-house colleagues read it"), required=False)

    def ask(self) -> None:
        if self.by.vendor_id:
            del self.fields["in_house"]

    def about(self) -> About:
        return dict(self.cleaned_data)


class EndingForm(BulkForm):
    """A form that may end cases; each line of business has endings of its own."""

    def endings(self) -> list[tuple[str, str]]:
        found = {
            each.key: named(each)
            for lob_id in self.lob_ids
            for each in policy.dispositions_of(lob_id)
        }
        return sorted(found.items(), key=lambda ending: ending[1])


class ReplyForm(EndingForm):
    is_pending = forms.BooleanField(label=_("Then wait for the requester"), required=False)
    field_order = ("macro", "is_pending", "disposition")

    def ask(self) -> None:
        self.versions = {
            version.macro.key: version for lob_id in self.lob_ids for version in macros_for(lob_id)
        }
        named = sorted((key, version.title) for key, version in self.versions.items())
        self.fields["macro"] = forms.ChoiceField(
            label=_("Macro"), choices=[*CHOOSE, *named], widget=_select(),
            help_text=_("Each case is answered in its own language. For ten minutes the answers"
                        " wait and can be taken back."),
        )  # fmt: skip
        self.fields["disposition"] = forms.ChoiceField(
            label=_("Then resolve as"), required=False, choices=[("", _("Do not resolve")),
                                                                *self.endings()],
            widget=_select(),
        )  # fmt: skip
        self.order_fields(self.field_order)

    def about(self) -> About:
        said = self.cleaned_data
        known = {
            "agent_name": self.by.name.split()[0],
            "status_url": hidden_status_url(),
            "platform": org.operation().platform_name,
        }
        texts = self.versions[said["macro"]].texts
        return {
            "macro": said["macro"],
            "texts": {language: filled(text, known) for language, text in texts.items()},
            "is_pending": said["is_pending"] and not said["disposition"],
            "disposition": said["disposition"],
        }


class ResolveForm(EndingForm):
    def ask(self) -> None:
        self.fields["disposition"] = forms.ChoiceField(
            label=_("How did they end?"), choices=[*CHOOSE, *self.endings()], widget=_select(),
            help_text=_("Undoing this opens the cases again; they count as reopened."),
        )  # fmt: skip

    def about(self) -> About:
        return {"disposition": self.cleaned_data["disposition"]}


KINDS = BulkAction.Kind
FORMS: dict[str, Callable[..., BulkForm]] = {
    KINDS.ASSIGN: AssignForm,
    KINDS.RELEASE: BulkForm,
    KINDS.TRANSFER: TransferForm,
    KINDS.MOVE: MoveForm,
    KINDS.SNOOZE: ManySnoozeForm,
    KINDS.PRIORITY: PriorityForm,
    KINDS.TAG: TagForm,
    KINDS.UNTAG: TagForm,
    KINDS.NOTE: NoteForm,
    KINDS.REPLY: ReplyForm,
    KINDS.RESOLVE: ResolveForm,
}


def forms_for(by: StaffMember) -> dict[str, Callable[..., BulkForm]]:
    """Return the form of each kind somebody may do: only leads choose where cases wait."""
    if by.role in MOVES_ANY_CASE:
        return FORMS
    return {kind: form for kind, form in FORMS.items() if kind != KINDS.MOVE}
