"""A form as the operation's files write it, answered in each language."""

from datetime import date
from pathlib import Path
from types import MappingProxyType

import pytest
import yaml

from caseward.channels.forms import AnswerForm, new_case_from, open_forms
from caseward.channels.models import Form
from caseward.org.catalogue import look_again
from tests.builders import a_form, a_lob, a_reason

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[2] / "operations/demo/forms.yaml"
TODAY = date(2026, 11, 16)
GOOD = MappingProxyType(
    {"email": "asha@example.com", "message": "I cannot sign in.", "reason": "lost-login"}
)


@pytest.fixture
def security():
    lob = a_lob()
    a_reason(lob, "lost-login", priority=3)
    a_reason(lob, "hacked-account", priority=1, cues={"en": ["hacked"]})
    a_form(lob)
    return open_forms()[lob.key]


def answered(definition, language="en", **changes):
    form = AnswerForm(definition, language=language, today=TODAY, data={**GOOD, **changes})
    form.is_valid()
    return form


def case_of(definition, language="en", country="", **changes):
    form = answered(definition, language, **changes)
    assert not form.errors
    return new_case_from(definition, form.cleaned_data, language=language, country=country)


@pytest.mark.parametrize("language", ["en", "hi", "ms", "ta", "zh"])
def test_every_form_of_the_demo_reads_in_every_language(language):
    written = yaml.safe_load(DEMO.read_text())
    asked_of_all = next(form for form in written if form["line_of_business"] == "general")["fields"]
    for form in written[1:]:
        lob = a_lob(form["line_of_business"])
        Form.objects.create(lob=lob, titles=form["titles"], fields=asked_of_all + form["fields"])
    look_again()

    for definition in open_forms().values():
        shown = AnswerForm(definition, language=language, today=TODAY)
        assert all(field.label for field in shown)
        assert shown.fields["email"].required
        assert shown.as_div()


def test_good_answers_become_a_case(security):
    new = case_of(
        security,
        country="IN",
        name="Asha",
        handle="@asha",
        message="Hello\r\nthere",
        **{"safe-to-write": "on"},
    )

    assert (new.title, new.text.split("\n\n")[0]) == ("Hello", "Hello\nthere")
    assert new.text.split("\n\n")[1] == "Handle: @asha\n✓ Safe to write"
    assert (new.country, new.priority, new.channel, new.language) == ("IN", 3, "FORM", "en")
    assert [person.handle for person in new.people] == ["@asha"]


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("email", "", "Write a full e-mail address."),
        ("email", "nobody", "Write a full e-mail address."),
        ("email", "a@example.com\nBcc: b@example.com", "Write a full e-mail address."),
        ("message", "  ", "Fill this in."),
        ("message", "x" * 20_001, "Shorten this to 20000 characters; it has 20001."),
        ("reason", "no-such-reason", "Choose one of the answers."),
        ("handle", "x" * 201, "Shorten this to 200 characters; it has 201."),
        ("lost-on", "2026-11-17", "Choose a day in the past."),
        ("lost-on", "31/12/2025", "Choose a day in the past."),
        ("link", "javascript:alert(1)", "Copy the full link."),
        ("symptom", "other\x00", "Choose one of the answers."),
    ],
)
def test_a_wrong_answer_is_told_what_to_do(security, field, value, says):
    form = answered(security, **{field: value})

    assert [str(error) for error in form.errors[field]] == [says]
    assert set(form.errors) == {field}


@pytest.mark.parametrize("field", ["message", "handle", "name"])
def test_control_characters_never_reach_the_database(security, field):
    form = answered(security, **{field: "a\x00b\x1bc"})

    assert not form.errors
    assert not set("\x00\x1b") & set(form.cleaned_data[field])


def test_somebody_in_danger_comes_first(security):
    new = case_of(security, **{"in-danger": "on", "safe-to-write": "on"})

    assert (new.priority, list(new.tags)) == (1, ["in-danger"])


def test_mail_somebody_else_may_read_is_not_answered_by_a_machine(security):
    assert case_of(security, **{"safe-to-write": "on"}).wants_acknowledgement
    assert not case_of(security).wants_acknowledgement


def test_an_account_asked_about_for_somebody_else_is_the_subject(security):
    new = case_of(security, handle="@kid", **{"who-asks": "guardian"})

    assert [(person.part, person.handle) for person in new.people] == [
        ("REQUESTER", ""),
        ("SUBJECT", "@kid"),
    ]


def test_a_form_that_asks_for_no_reason_has_it_recognised():
    lob = a_lob("age-support")
    hacked = a_reason(lob, "hacked-account", priority=1, cues={"en": ["hacked"]})
    a_form(lob, without=["reason"])

    new = case_of(open_forms()[lob.key], message="I was hacked")

    assert (new.reason_id, new.priority) == (hacked.pk, 1)


def test_a_long_first_line_is_cut_at_a_word(security):
    assert case_of(security, message="word " * 40).title == "word " * 17 + "word…"
    assert case_of(security, message="字" * 200).title == "字" * 90 + "…"


def test_a_line_of_business_that_seals_offers_no_upload():
    a_form(a_lob("minor-safety", seals_attachments=True), offers_upload=True)
    a_form(a_lob("age-support"), offers_upload=True)

    forms = open_forms()
    assert not forms["minor-safety"].offers_upload
    assert forms["age-support"].offers_upload
