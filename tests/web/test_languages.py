"""The desk in the language somebody chose: its words, its names, its times."""

import re
from html import unescape

import pytest

from caseward.casework.services.preferring import read_in
from caseward.jobs.messages import catalogues
from caseward.org.acting import Actor, acting
from caseward.org.languages import PAGE_CODES
from caseward.org.models import Language, StaffMember
from tests.builders import a_case, a_reason, an_agent
from tests.web.test_lists import shown, signed_in

pytestmark = pytest.mark.django_db
CATALOGUES = {"hi": "hi", "ms": "ms", "ta": "ta", "zh": "zh_Hans"}
WORDS = {"en": "My open cases", "hi": "मेरे खुले मामले", "ms": "Kes terbuka saya",
         "ta": "எனது திறந்த வழக்குகள்", "zh": "我处理中的个案"}  # fmt: skip
SAID = re.compile(r">([^<>]+)<")


@pytest.mark.parametrize("language", WORDS)
def test_every_page_speaks_the_chosen_language(language):
    browser = signed_in(an_agent(language=language))

    for address in ("/desk/", "/desk/snoozed", "/desk/filters", "/desk/yours"):
        page = shown(browser, address)
        assert f'<html lang="{PAGE_CODES.get(language, language)}"' in page
        assert WORDS[language] in page


@pytest.mark.parametrize(("language", "catalogue"), CATALOGUES.items())
def test_a_list_says_nothing_in_english_that_has_a_translation(language, catalogue):
    agent = an_agent(language=language)
    a_case(assignee=agent, title="zzz")
    translated = {
        entry.msgid: entry.msgstr
        for entry in catalogues.read(catalogue)
        if entry.msgstr and entry.msgstr != entry.msgid
    }

    said = {unescape(text).strip() for text in SAID.findall(shown(signed_in(agent), "/desk/"))}

    assert said & set(translated) == set()
    assert said & set(translated.values())


def test_names_of_the_configuration_are_in_the_readers_language():
    agent = an_agent(language="ms")
    names = {"en": "Lost login", "ms": "Hilang log masuk"}
    a_case(assignee=agent, reason_id=a_reason(names=names).pk)

    page = shown(signed_in(agent), "/desk/")

    assert "Hilang log masuk" in page
    assert "Lost login" not in page


def test_before_signing_in_the_browser_decides(client):
    page = client.get("/sign-in", headers={"accept-language": "ms"}).content.decode()

    assert '<html lang="ms"' in page
    assert "Kata laluan" in page


def test_a_vendors_staff_change_their_own_language_and_nobody_elses():
    mine, colleague = an_agent(), an_agent()
    with acting(Actor.staff(mine)):
        read_in(by=mine, language=Language.TAMIL)
        changed = StaffMember.objects.filter(pk=colleague.pk).update(language="ta")

    assert changed == 0
    assert StaffMember.objects.get(pk=mine.pk).language == "ta"
