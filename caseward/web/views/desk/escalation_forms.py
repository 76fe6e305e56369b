"""The questions of an escalation: where it goes, what its template asks, and how it is judged."""

from typing import Any

from django import forms
from django.utils.translation import gettext as now_said
from django.utils.translation import gettext_lazy as _

from caseward.casework.experts import experts
from caseward.casework.models import Case, Escalation
from caseward.casework.services.incidents import visible_incidents
from caseward.core.saying import says_something
from caseward.org import queries as org
from caseward.org.models import StaffMember
from caseward.policy import queries as policy
from caseward.policy.escalation_templates import LONGEST_ANSWER, Fact, facts_of
from caseward.routing import queries as routing
from caseward.web.languages import data_language, named
from caseward.web.views.desk.act_forms import ActForm, line, lines, select

TIER_2 = "tier-2"
LONGEST_SUMMARY, LONGEST_TRIED = 1_000, 2_000


def destinations(case: Case, by: StaffMember) -> list[tuple[Any, Any]]:
    """Return where a case can be escalated to, in groups for a list of choices."""
    own = org.lines_of_business()[case.lob_id]
    here = [(TIER_2, now_said("Tier 2 of %(line)s") % {"line": named(own)})]
    known = [
        (_("Another line of business"), other_lines(case)),
        (_("An expert"), _experts(case)),
        (_("An incident"), _incidents(case, by)),
    ]
    return [*(here if case.tier == 1 else []), *((name, rows) for name, rows in known if rows)]


def other_lines(case: Case) -> list[tuple[str, str]]:
    """Return the other lines whose tier 2 works in the language of a case."""
    lines = org.lines_of_business()
    served = {
        queue.lob_id
        for queue in routing.queues().values()
        if queue.tier == 2 and queue.language == case.language
    }
    return [
        (f"lob:{line.pk}", named(line))
        for line in lines.values()
        if line.pk in served and line.pk != case.lob_id and line.is_active
    ]


def _experts(case: Case) -> list[tuple[str, str]]:
    mine = [each for each in experts().values() if each.staff_id != case.assignee_id]
    about = policy.reasons()[case.reason_id].key if case.reason_id else ""
    first = sorted(mine, key=lambda one: (one.lob_id != case.lob_id, about not in one.reasons))
    return [(f"expert:{each.pk}", each.topic_in(data_language())) for each in first]


def _incidents(case: Case, by: StaffMember) -> list[tuple[str, str]]:
    running = visible_incidents(by).filter(lob_id=case.lob_id, closed_at__isnull=True)
    return [(f"incident:{each.pk}", each.title) for each in running.order_by("-opened_at")[:20]]


def _says_something(text: str) -> None:
    if not says_something(text):
        raise forms.ValidationError(
            now_said("Say it in a few words: whoever takes the case has nothing else to go by.")
        )


class EscalateForm(ActForm):
    why = forms.CharField(
        label=_("What is the case about, and what do you ask tier 2 for?"),
        help_text=_("Two or three sentences, so that tier 2 need not read everything."),
        max_length=LONGEST_SUMMARY,
        widget=lines(),
        validators=[_says_something],
    )
    tried = forms.CharField(
        label=_("What did you try?"),
        help_text=_("One step on each line."),
        max_length=LONGEST_TRIED,
        widget=lines(),
        validators=[_says_something],
    )
    handover = forms.CharField(
        label=_("How can they ask you back?"),
        help_text=_("Such as until when you are on shift. Questions also show on the case."),
        required=False,
        max_length=300,
        widget=line(),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.facts = facts_of(self.case.lob_id, self.case.reason_id)
        for fact in self.facts:
            self.fields[f"fact_{fact.key}"] = field_of(fact)
        self._ask_where()
        names = [f"fact_{fact.key}" for fact in self.facts]
        self.order_fields(["to", *names, "why", "tried", "handover"])

    def _ask_where(self) -> None:
        choices = destinations(self.case, self.by)
        is_plain = [key for key, _label in choices] == [TIER_2]
        self.fields["to"] = forms.ChoiceField(
            label=_("To whom?"),
            choices=choices,
            widget=forms.HiddenInput() if is_plain else select(),
            required=not is_plain,
            initial=TIER_2,
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        kind, _colon, number = (said.get("to") or TIER_2).partition(":")
        said["destination"] = (kind, int(number or 0))
        said["facts"] = {fact.key: str(said.get(f"fact_{fact.key}") or "") for fact in self.facts}
        return said


def field_of(fact: Fact) -> forms.Field:
    """Return the field in which an agent says a fact."""
    language = data_language()
    common: dict[str, Any] = {
        "label": fact.label_in(language),
        "help_text": fact.hint_in(language),
        "required": fact.required,
    }
    if fact.kind in {"choice", "yes_no"}:
        yes_no = [("yes", _("Yes")), ("no", _("No"))]
        choices = yes_no if fact.kind == "yes_no" else fact.choices_in(language)
        return forms.ChoiceField(choices=[("", _("Choose…")), *choices], widget=select(), **common)
    if fact.kind == "date":
        picker = forms.DateInput(format="%Y-%m-%d", attrs={"class": "input", "type": "date"})
        return forms.DateField(widget=picker, **common)
    if fact.kind == "link":
        return forms.URLField(max_length=500, widget=line(), **common)
    widget = lines() if fact.kind == "lines" else line()
    return forms.CharField(max_length=LONGEST_ANSWER, widget=widget, **common)


class NeededAtTimes(forms.CharField):
    """An answer that another answer makes necessary: not called optional."""

    is_needed_at_times = True


class VerdictForm(ActForm):
    verdict = forms.ChoiceField(
        label=_("Was the escalation needed?"),
        choices=[
            (Escalation.Verdict.NEEDED, _("Needed: tier 1 could not have settled it")),
            (Escalation.Verdict.AVOIDABLE, _("Avoidable: tier 1 could have settled it")),
            (Escalation.Verdict.WRONG_LOB, _("Wrong line of business")),
        ],
        widget=forms.RadioSelect,
    )
    quality = forms.ChoiceField(
        label=_("Could you work with what was handed over?"),
        choices=[
            (Escalation.Quality.COMPLETE, _("Complete: everything was there")),
            (Escalation.Quality.INCOMPLETE, _("Incomplete: something was missing")),
            (Escalation.Quality.MISLEADING, _("Misleading: something was wrong")),
        ],
        widget=forms.RadioSelect,
    )
    quality_note = NeededAtTimes(
        label=_("What was missing or wrong?"),
        help_text=_(
            "Needed unless everything was there. Whoever escalated reads it, to do better next "
            "time."
        ),
        required=False,
        max_length=1000,
        widget=line(),
    )
    field_order = ("verdict", "quality", "quality_note", "note")

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        is_lacking = said.get("quality") not in {None, Escalation.Quality.COMPLETE}
        if is_lacking and not (said.get("quality_note") or "").strip():
            self.add_error("quality_note", _("Say what was missing or wrong."))
        return said


class SettleForm(VerdictForm):
    note = forms.CharField(
        label=_("What should tier 1 know?"), required=False, max_length=2000, widget=lines()
    )


class ReturnForm(VerdictForm):
    note = forms.CharField(label=_("What should tier 1 do now?"), max_length=2000, widget=lines())


class RerouteForm(ActForm):
    why = forms.CharField(label=_("Why?"), max_length=1000, widget=lines())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            (_("Another line of business"), other_lines(self.case)),
            (_("An expert"), _experts(self.case)),
        ]
        self.fields["to"] = forms.ChoiceField(
            label=_("To whom?"),
            choices=[("", _("Choose…")), *((name, rows) for name, rows in known if rows)],
            widget=select(),
        )
        self.order_fields(["to", "why"])

    def clean_to(self) -> tuple[str, int]:
        kind, _colon, number = self.cleaned_data["to"].partition(":")
        return kind, int(number)


class AskBackForm(ActForm):
    text = forms.CharField(
        label=_("What do you need to know?"),
        help_text=_("The case stays with you. Whoever escalated it sees the question at once."),
        max_length=2000,
        widget=lines(),
    )


class HelpForm(ActForm):
    question = forms.CharField(
        label=_("What do you want to know?"), max_length=2000, widget=lines()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [
            (_("In-house, everybody with"), self._groups()),
            (_("An expert"), self._experts()),
            (_("A colleague"), self._colleagues()),
        ]
        self.fields["to"] = forms.ChoiceField(
            label=_("Whom do you ask?"),
            help_text=_("They may read the case until they have answered. It stays with you."),
            choices=[("", _("Choose…")), *((name, rows) for name, rows in known if rows)],
            widget=select(),
        )
        self.order_fields(["to", "question"])

    def _groups(self) -> list[tuple[str, str]]:
        lines = org.lines_of_business()
        tier_2 = [queue for queue in routing.queues().values() if queue.tier == 2]
        languages = dict.fromkeys([self.case.language, "en"])
        return [
            (f"lob:{queue.lob_id}:{queue.language}",
             f"{named(lines[queue.lob_id])}, {queue.get_language_display()}")
            for queue in tier_2
            if queue.language in languages
        ]  # fmt: skip

    def _experts(self) -> list[tuple[str, str]]:
        """Return the experts for whoever may ask them by name: a vendor's staff ask a group."""
        if self.by.vendor_id:
            return []
        topics = dict(_experts(self.case))
        return [
            (f"staff:{each.staff_id}", topics[f"expert:{each.pk}"])
            for each in experts().values()
            if f"expert:{each.pk}" in topics and each.staff_id != self.by.pk
        ]

    def _colleagues(self) -> list[tuple[str, str]]:
        people = StaffMember.objects.filter(is_active=True).exclude(pk=self.by.pk)
        if self.by.vendor_id:
            people = people.filter(vendor_id=self.by.vendor_id)
        else:
            people = people.filter(vendor_id__isnull=True)
        return [
            (f"staff:{pk}", name) for pk, name in people.order_by("name").values_list("pk", "name")
        ]

    def clean_to(self) -> list[str]:
        return str(self.cleaned_data["to"]).split(":")
