"""What a form asks, as the operation's files say it.

A question is `{key, kind, required, labels, hints, errors, choices}`; texts map a language to
words. Some keys mean something to every form:

    email, phone, name       how to reach and address whoever writes
    message                  what they have to say
    reason                   one of the reasons of the line of business
    handle, who-asks         the account it is about; it is the writer's own unless `who-asks` is
                             answered by something other than `self` or `affected`
    country                  where they are, a choice whose keys are country codes
    in-danger, now-in-danger ticked: the case begins with the highest priority
    safe-to-write            asked and not ticked: nothing is sent by e-mail before a person decides
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from caseward.channels.models import Form
from caseward.org.catalogue import kept_per_revision

type Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    kind: str
    is_required: bool
    labels: Texts
    hints: Texts
    errors: Texts
    choices: tuple[tuple[str, Texts], ...] = ()


@dataclass(frozen=True, slots=True)
class Definition:
    """One form: the line of business it writes to, and its questions in order."""

    lob_id: int
    lob_key: str
    names: Texts
    descriptions: Texts
    titles: Texts
    introductions: Texts
    questions: tuple[Question, ...]
    default_priority: int
    offers_upload: bool
    seals_attachments: bool

    def asks(self, key: str) -> bool:
        return any(question.key == key for question in self.questions)


@kept_per_revision
def open_forms() -> dict[str, Definition]:
    """Return the forms people may use, by line of business, in the order to offer them."""
    forms = Form.objects.filter(is_active=True, lob__is_active=True).select_related("lob")
    return {form.lob.key: _definition(form) for form in forms.order_by("lob__position", "lob__key")}


def said_in(texts: Texts, language: str) -> str:
    """Return a text in a language, else in English, else in any; empty when there is none."""
    return texts.get(language) or texts.get("en") or next(iter(texts.values()), "")


def _definition(form: Form) -> Definition:
    lob = form.lob
    return Definition(
        lob_id=lob.pk,
        lob_key=lob.key,
        names=lob.names,
        descriptions=lob.descriptions,
        titles=form.titles,
        introductions=form.introductions,
        questions=tuple(_question(field) for field in form.fields),
        default_priority=lob.default_priority,
        offers_upload=form.offers_upload and not lob.seals_attachments,
        seals_attachments=lob.seals_attachments,
    )


def _question(field: Mapping[str, Any]) -> Question:
    return Question(
        key=field["key"],
        kind=field["kind"],
        is_required=field["required"],
        labels=field["labels"],
        hints=field.get("hints") or {},
        errors=field.get("errors") or {},
        choices=tuple((choice["key"], choice["names"]) for choice in field.get("choices") or ()),
    )
