"""Overflow rules as rows of a form: those there are, and an empty one for another."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from caseward.org import queries as org
from caseward.org.models import Language
from caseward.routing.rules.content import Overflow
from caseward.web.languages import data_language
from caseward.web.views.desk.typed import number_in

MOST = 100


def _select() -> forms.Select:
    return forms.Select(attrs={"class": "select"})


def _number() -> forms.NumberInput:
    return forms.NumberInput(attrs={"class": "input", "inputmode": "numeric"})


class OverflowForm(forms.Form):
    """One rule; a row without a name is no rule."""

    key = forms.SlugField(
        label=_("Name"),
        required=False,
        help_text=_("Small letters, digits and hyphens. Clear it to remove the rule."),
        widget=forms.TextInput(attrs={"class": "input"}),
    )
    origin = forms.ChoiceField(label=_("From"), widget=_select())
    line = forms.ChoiceField(label=_("Line of business"), required=False, widget=_select())
    language = forms.ChoiceField(label=_("Language"), required=False, widget=_select())
    target = forms.ChoiceField(label=_("To"), widget=_select())
    waiting_over = forms.IntegerField(
        label=_("More than so many wait"), required=False, min_value=0, widget=_number()
    )
    oldest_over_minutes = forms.IntegerField(
        label=_("The oldest waits longer than, in minutes"),
        required=False,
        min_value=0,
        widget=_number(),
    )
    at_risk = forms.IntegerField(
        label=_("More than this share is due within the hour, in %"),
        required=False,
        min_value=0,
        max_value=99,
        widget=_number(),
    )
    while_closed = forms.ChoiceField(
        label=_("While a site is closed"), required=False, widget=_select()
    )
    at_a_time = forms.IntegerField(
        label=_("Cases at a time"), min_value=1, max_value=1000, widget=_number()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        vendors = [(f"1 {one.key}", one.name) for one in org.vendors().values() if one.is_active]
        places = [*vendors, ("2 ", _("Tier 2"))]
        language = data_language()
        lines = [(one.key, one.name_in(language)) for one in org.lines_of_business().values()]
        sites = [(site.key, site.name) for site in org.sites().values()]
        self._offer("origin", [("1 ", _("Tier 1, any vendor")), *places])
        self._offer("target", places)
        self._offer("line", [("", _("any")), *lines])
        self._offer("language", [("", _("any")), *Language.choices])
        self._offer("while_closed", [("", _("no matter")), *sites])

    def _offer(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = list(choices)

    def rule(self) -> Overflow:
        given = self.cleaned_data
        from_tier, _space, from_vendor = given["origin"].partition(" ")
        to_tier, _space, to_vendor = given["target"].partition(" ")
        at_risk = given["at_risk"]
        return Overflow(
            from_tier=int(from_tier),
            from_vendor=from_vendor,
            from_line=given["line"],
            from_language=given["language"],
            to_tier=int(to_tier),
            to_vendor=to_vendor,
            waiting_over=given["waiting_over"],
            oldest_over_minutes=given["oldest_over_minutes"],
            at_risk_over=None if at_risk is None else at_risk / 100,
            while_closed=given["while_closed"],
            at_a_time=given["at_a_time"],
        )


def shown(rules: Mapping[str, Overflow]) -> list[OverflowForm]:
    """Return a form for each rule, and an empty one."""
    initial = [_initial(key, rule) for key, rule in sorted(rules.items())]
    initial.append({"at_a_time": 20})
    return [
        OverflowForm(prefix=f"overflow-{number}", initial=values)
        for number, values in enumerate(initial)
    ]


def _initial(key: str, rule: Overflow) -> dict[str, Any]:
    return {
        "key": key,
        "origin": f"{rule.from_tier} {rule.from_vendor}",
        "line": rule.from_line,
        "language": rule.from_language,
        "target": f"{rule.to_tier} {rule.to_vendor}",
        "waiting_over": rule.waiting_over,
        "oldest_over_minutes": rule.oldest_over_minutes,
        "at_risk": None if rule.at_risk_over is None else round(100 * rule.at_risk_over),
        "while_closed": rule.while_closed,
        "at_a_time": rule.at_a_time,
    }


def posted(data: QueryDict) -> list[OverflowForm]:
    """Return the rows that were sent, in order."""
    numbers = {
        number
        for name in data
        if name.startswith("overflow-") and (number := number_in(name.split("-")[1])) is not None
    }
    return [OverflowForm(data, prefix=f"overflow-{number}") for number in sorted(numbers)[:MOST]]


def read(rows: Sequence[OverflowForm]) -> tuple[dict[str, Overflow], list[str]]:
    """Return the rules, and the names of those that could not be read or are given twice."""
    rules: dict[str, Overflow] = {}
    wrong: list[str] = []
    for row in rows:
        named = str(row["key"].value() or "").strip()
        if named and (not row.is_valid() or named in rules):
            wrong.append(named)
        elif named:
            rules[named] = row.rule()
    return rules, wrong
