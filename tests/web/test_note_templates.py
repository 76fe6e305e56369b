"""Templates of notes: whose they are, what they say, and who never sees them."""

import pytest

from caseward.org.acting import Actor, acting
from caseward.policy.models import NoteTemplate
from tests.builders import a_case, a_lob, a_specialist, an_agent
from tests.web.test_lists import shown, signed_in

pytestmark = pytest.mark.django_db


def a_template(key, text="Called {requester_name}, agreed {what}", **fields):
    return NoteTemplate.objects.create(key=key, title=key.title(), texts={"en": text}, **fields)


def offered(staff, case):
    page = shown(signed_in(staff), f"/desk/case/{case.reference}")
    return [
        part.split('"', 1)[0]
        for part in page.split('id="note-template-')[1:]
        if "list" not in part[:5]
    ], page


def test_templates_of_the_line_of_business_and_those_for_all_are_offered_filled():
    agent = an_agent()
    case = a_case(assignee=agent)
    a_template("everywhere")
    a_template("here", lob=case.lob)
    a_template("elsewhere", lob=a_lob("age-support"))
    a_template("old", is_active=False)

    keys, page = offered(agent, case)

    assert keys == ["here", "everywhere"]
    assert "agreed <mark>{what}</mark>" in page


def test_a_few_are_there_before_anybody_wrote_one():
    agent = an_agent()

    keys, _page = offered(agent, a_case(assignee=agent))

    assert keys == ["handover", "phone-call", "checked"]


def test_what_is_for_in_house_use_a_vendors_staff_never_see():
    agent, specialist = an_agent(), a_specialist()
    case = a_case(assignee=agent)
    a_template("open")
    a_template("secret", text="HOW WE CATCH THEM", in_house_only=True)

    assert offered(specialist, case)[0] == ["open", "secret"]
    keys, page = offered(agent, case)
    assert keys == ["open"]
    assert "HOW WE CATCH THEM" not in page
    with acting(Actor.staff(agent)):
        assert [template.key for template in NoteTemplate.objects.all()] == ["open"]


def test_a_template_cannot_write_html():
    agent = an_agent()
    a_template("bold", text="<b>{x}</b>")

    _keys, page = offered(agent, a_case(assignee=agent))

    assert "&lt;b&gt;<mark>{x}</mark>&lt;/b&gt;" in page
