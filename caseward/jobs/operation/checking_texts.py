"""What must hold for forms and for the texts of macros."""

from collections.abc import Collection
from string import Formatter

from caseward.jobs.operation.parts import Form, FormField, Macro, Operation
from caseward.jobs.operation.problems import Problems, did_you_mean
from caseward.jobs.operation.relations import each_once
from caseward.jobs.operation.sections.crisis_help import CrisisHelp
from caseward.policy.macros import CRISIS, KNOWN, crisis_keys

_NEEDED = {"email": "email", "message": "textarea"}
_CAN_BE_WRONG = {"email", "url", "date"}
_CRISIS_HELP = "crisis_help"


def check(operation: Operation, problems: Problems) -> None:
    if operation.forms:
        _check_forms(operation.forms, problems)
    known = _placeholders(operation)
    for macro in operation.macros:
        for language, body in macro.bodies.items():
            _check_placeholders(macro, language, body, known, problems)


def _check_forms(forms: tuple[Form, ...], problems: Problems) -> None:
    asked_of_all = tuple(
        field for form in forms if form.line_of_business is None for field in form.fields
    )
    for form in forms:
        before = () if form.line_of_business is None else asked_of_all
        each_once((*before, *form.fields), "key", lambda field: field.key, problems)
        if form.line_of_business is not None:
            _check_needed(form, (*before, *form.fields), problems)
        for field in form.fields:
            _check_field(field, problems)


def _check_needed(form: Form, asked: tuple[FormField, ...], problems: Problems) -> None:
    kinds = {field.key: field.kind for field in asked if field.required}
    for key, kind in _NEEDED.items():
        if kinds.get(key) != kind:
            text = f'the form for {form.line_of_business} needs a required field "{key}": {kind}'
            problems.at(form.place, "fields", text)


def _check_field(field: FormField, problems: Problems) -> None:
    if field.kind == "choice" and not field.choices:
        problems.at(field.place, "kind", "kind: a choice needs a list of choices")
    if field.kind != "choice" and field.choices:
        problems.at(field.place, "choices", f"choices: only a choice has them, not a {field.kind}")
    if (field.required or field.kind in _CAN_BE_WRONG) and not field.errors:
        text = '"errors" is missing: say what to do when the answer is missing or wrong'
        problems.at(field.place, "key", text)
    each_once(field.choices, "key", lambda choice: choice.key, problems)


def _check_placeholders(
    macro: Macro, language: str, body: str, known: Collection[str], problems: Problems
) -> None:
    try:
        parts = list(Formatter().parse(body))
    except ValueError:
        text = f"bodies ({language}): a brace is not closed; write {{{{ for a brace itself"
        problems.at(macro.place, "bodies", text)
        return
    for _, name, form, conversion in parts:
        word = f"{name}:{form}" if form else name
        if word is not None and (word not in known or conversion):
            hint = did_you_mean(word, known) or f"; known: {', '.join(known)}"
            text = f'bodies ({language}): "{{{word}}}" is not a placeholder{hint}'
            problems.at(macro.place, "bodies", text)


def _placeholders(operation: Operation) -> tuple[str, ...]:
    """Return what may stand in a macro; without a file of help in a crisis any may be named."""
    told = operation.more.get(_CRISIS_HELP)
    needs = [one.need for one in told or () if isinstance(one, CrisisHelp)]
    if told is None:
        needs = crisis_keys(body for one in operation.macros for body in one.bodies.values())
    return (*KNOWN, *(f"{CRISIS}{need}" for need in dict.fromkeys(needs)))
