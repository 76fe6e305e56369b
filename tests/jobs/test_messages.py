"""Translations: found wherever they are marked, kept when the code moves on, checked."""

import gettext

import polib
import pytest

from caseward.jobs.messages import catalogues
from caseward.jobs.messages.finding import find_messages

FORM = """
<form>{% load i18n %}
    {% translate "Write to us" %}
  {% blocktranslate count n=n %}One file{% plural %}{{ n }} files{% endblocktranslate %}
      {% blocktranslate trimmed with name=x %}
        Dear {{ name }},
        it's done.
      {% endblocktranslate %}
</form>
"""


@pytest.fixture
def package(tmp_path):
    """Give a package with sentences in Python, a Django template and a Jinja one."""
    for place, text in {
        "web/templates/public/form.html": FORM,
        "web/jinja2/list.html": "<p>{{ _('Nothing waits') }}</p>",
        "web/views.py": "title = _('Desk')\nwhy = pgettext('a cause', 'Reason')\n",
    }.items():
        file = tmp_path / place
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path


def by_text(package):
    return {message.text: message for message in find_messages(package)}


def test_every_way_of_marking_a_sentence_is_found(package):
    found = by_text(package)

    assert set(found) == {
        "Write to us",
        "One file",
        "Dear %(name)s, it's done.",
        "Nothing waits",
        "Desk",
        "Reason",
    }
    assert found["One file"].plural == "%(n)s files"
    assert found["Reason"].context == "a cause"


def test_what_requesters_read_must_be_translated_and_the_desk_may_wait(package):
    problems = list(catalogues.problems(find_messages(package), package / "locale"))

    assert len(problems) == 3 * len(catalogues.PLURALS)
    assert "hi: not translated: 'Write to us' (web/templates/public/form.html)" in problems
    assert not any("Desk" in problem for problem in problems)


def test_what_staff_read_is_named_when_asked_for(package):
    locales = package / "locale"

    problems = list(catalogues.problems(find_messages(package), locales, with_desk=True))

    assert "ta: not translated: 'Nothing waits' (web/jinja2/list.html)" in problems
    assert "ta: not translated: 'Desk' (web/views.py)" in problems


def test_translations_are_kept_when_sentences_come_and_go(package):
    locales = package / "locale"
    catalogues.update(find_messages(package), locales)
    _translate(locales, "Write to us", "हमें लिखें")
    (package / "web/views.py").write_text("title = _('The desk')\n")
    catalogues.update(find_messages(package), locales)

    texts = {entry.msgid: entry.msgstr for entry in catalogues.read("hi", locales)}
    assert texts["Write to us"] == "हमें लिखें"
    assert "The desk" in texts
    assert "Desk" not in texts


def test_a_placeholder_the_english_lacks_is_named(package):
    locales = package / "locale"
    catalogues.update(find_messages(package), locales)
    _translate(locales, "Dear %(name)s, it's done.", "%(nmae)s जी, हो गया।")

    problems = list(catalogues.problems(find_messages(package), locales))
    assert [problem for problem in problems if "placeholder" in problem] == [
        "hi: a placeholder that the English does not have: "
        '"Dear %(name)s, it\'s done." (web/templates/public/form.html)'
    ]


def test_compiled_catalogues_are_what_gettext_reads_and_made_once(package):
    locales = package / "locale"
    catalogues.update(find_messages(package), locales)
    _translate(locales, "Write to us", "हमें लिखें")

    assert catalogues.compile_all(locales) == len(catalogues.PLURALS)
    assert catalogues.compile_all(locales) == 0
    hindi = gettext.translation("django", locales, languages=["hi"])
    assert hindi.gettext("Write to us") == "हमें लिखें"


def _translate(locales, text, translation):
    file = catalogues.catalogue_file("hi", locales)
    catalogue = polib.pofile(str(file))
    catalogue.find(text).msgstr = translation
    catalogue.save()
