"""The questions a move on the floor asks; the likeliest answer is chosen already."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as said
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from caseward.casework.floor.moving import MOST_AT_ONCE, overflow_targets
from caseward.casework.floor.people import Worker
from caseward.casework.floor.reading import Facts, InHand, Waiting
from caseward.routing import queries as routing
from caseward.routing.models import Availability, Queue
from caseward.web.views.floor.people import state_labels
from caseward.web.views.floor.queues import is_available, queue_name

DURATIONS = (
    (30, _("30 minutes")),
    (60, _("1 hour")),
    (120, _("2 hours")),
    (240, _("4 hours")),
    (480, _("8 hours")),
)
USUAL = 60
USUAL_OVERFLOW = 20
OPEN_END = 0

State = Availability.State
ASKED_FOR = (State.AVAILABLE, State.BREAK, State.TRAINING, State.BUSY)


def _line(**attrs: str) -> forms.TextInput:
    return forms.TextInput(attrs={"class": "input", "autocomplete": "off", **attrs})


def _number(value: str) -> int:
    return int(value)


class NumberChoice(forms.TypedChoiceField):
    """A choice among numbers: of people, of queues, of minutes."""

    def __init__(self, choices: Sequence[tuple[int, Any]], **kwargs: Any) -> None:
        widget = forms.Select(attrs={"class": "select"})
        super().__init__(choices=choices, coerce=_number, widget=widget, **kwargs)


class GiveForm(forms.Form):
    """To whom a case goes: those who are free first."""

    def __init__(self, *args: Any, takers: Sequence[Worker], facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"] = NumberChoice(_people(takers, facts), label=_("To whom?"))
        self.fields["why"] = forms.CharField(
            label=_("Why, if they are off shift or their hands are full?"),
            required=False,
            max_length=200,
            widget=_line(),
        )


class BorrowPersonForm(forms.Form):
    """Who works one queue only, and for how long."""

    def __init__(self, *args: Any, takers: Sequence[Worker], facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["staff"] = NumberChoice(
            _people(takers, facts),
            label=_("Who?"),
            help_text=_("Only people whose employer and skills fit the queue are listed."),
        )
        self.fields["minutes"] = NumberChoice(DURATIONS, label=_("For how long?"), initial=USUAL)
        self.fields["why"] = _why(required=False)


class BorrowQueueForm(forms.Form):
    """Which queue somebody works only, and for how long."""

    def __init__(self, *args: Any, worker: Worker, facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queue"] = NumberChoice(_queues(worker, facts), label=_("On which queue?"))
        self.fields["minutes"] = NumberChoice(DURATIONS, label=_("For how long?"), initial=USUAL)
        self.fields["why"] = _why(required=False)


class OverflowForm(forms.Form):
    """How many of the oldest cases go where."""

    def __init__(self, *args: Any, queue: Queue, facts: Facts, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = facts.waiting.get(queue.pk, Waiting()).cases
        targets = [(target.pk, queue_name(target)) for target in overflow_targets(queue)]
        self.fields["target"] = NumberChoice(targets, label=_("To which queue?"))
        self.fields["count"] = forms.IntegerField(
            label=_("How many of the oldest?"),
            min_value=1,
            max_value=MOST_AT_ONCE,
            initial=max(1, min(USUAL_OVERFLOW, waiting)),
            help_text=ngettext(
                "%(count)d case waits. Cases in somebody's hands stay.",
                "%(count)d cases wait. Cases in somebody's hands stay.",
                waiting,
            )
            % {"count": waiting},
            widget=forms.NumberInput(attrs={"class": "input"}),
        )


class PauseForm(forms.Form):
    """Why nothing is handed out, and until when."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"] = _why(required=True)
        self.fields["minutes"] = NumberChoice(
            [*DURATIONS, (OPEN_END, _("Until a lead resumes it"))],
            label=_("For how long?"),
            initial=USUAL,
            help_text=_("Promises go on running while a queue is paused."),
        )


class TellForm(forms.Form):
    text = forms.CharField(
        label=_("What do you want to say?"),
        max_length=500,
        help_text=_("It shows on their desks until they have read it, at most eight hours."),
        widget=forms.Textarea(attrs={"class": "textarea", "rows": 3}),
    )


class AskForm(forms.Form):
    """What somebody is asked to do next; they do it themselves, with one click."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = state_labels()
        states = [(state.value, labels[state]) for state in ASKED_FOR]
        self.fields["state"] = forms.ChoiceField(
            label=_("What should they be?"),
            choices=states,
            initial=State.AVAILABLE.value,
            widget=forms.Select(attrs={"class": "select"}),
        )
        self.fields["text"] = forms.CharField(
            label=_("Say why"), required=False, max_length=500, widget=_line()
        )


def span(minutes: int) -> timedelta:
    return timedelta(minutes=minutes)


def _why(*, required: bool) -> forms.CharField:
    label = _("Why?") if required else _("Why? (optional)")
    return forms.CharField(label=label, required=required, max_length=200, widget=_line())


def _people(takers: Sequence[Worker], facts: Facts) -> list[tuple[int, str]]:
    ranked = sorted(takers, key=lambda worker: _free_first(worker, facts))
    return [(worker.id, _described(worker, facts)) for worker in ranked]


def _free_first(worker: Worker, facts: Facts) -> tuple[bool, int, str, int]:
    cases = facts.in_hands.get(worker.id, InHand()).cases
    return (not is_available(worker, facts), cases, worker.name, worker.id)


def _described(worker: Worker, facts: Facts) -> str:
    doing, hand = facts.doing.get(worker.id), facts.in_hands.get(worker.id, InHand())
    words = ngettext(
        "%(name)s: %(state)s, %(count)d case", "%(name)s: %(state)s, %(count)d cases", hand.cases
    )
    state = state_labels()[State(doing.state) if doing else State.OFF]
    return words % {"name": worker.name, "state": state, "count": hand.cases}


def _queues(worker: Worker, facts: Facts) -> list[tuple[int, str]]:
    own = [routing.queues()[pk] for pk in worker.own]
    waiting = {queue.pk: facts.waiting.get(queue.pk, Waiting()) for queue in own}
    own.sort(key=lambda queue: (-waiting[queue.pk].late, -waiting[queue.pk].cases, queue.pk))
    words = said("%(queue)s: %(count)s waiting")
    return [
        (queue.pk, words % {"queue": queue_name(queue), "count": waiting[queue.pk].cases})
        for queue in own
    ]
