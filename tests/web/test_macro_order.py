"""The macro picker offers what fits a case first, and asks for the counts once in ten minutes."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from caseward.casework.models import Case, MacroUse
from caseward.policy.models import Macro, Reason
from caseward.web.views.desk.showing import macro_order
from tests.builders import a_case, a_lob, a_macro, a_reason, an_agent

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def counted_anew() -> Iterator[None]:
    macro_order.forget()
    yield
    macro_order.forget()


def is_sent(macro: Macro, reason: Reason, *, times: int, days_ago: int = 1) -> None:
    for number in range(times):
        case = a_case(reason_id=reason.pk, email=f"{macro.key}{number}@example.com")
        MacroUse.objects.create(
            message=case.messages.get(), case=case, version=macro.versions.get(),
            language="en", edited_share=0, at=timezone.now() - timedelta(days=days_ago),
        )  # fmt: skip


def page_of(case: Case) -> HttpResponse:
    browser = Client()
    browser.force_login(case.assignee)
    return browser.get(f"/desk/case/{case.reference}")


def offered(case: Case) -> list[str]:
    return [
        f"{macro['name']} {macro['language']}{' folded' if macro['is_folded'] else ''}"
        for macro in page_of(case).context["macros"]
    ]


def test_what_names_the_reason_comes_first_then_what_is_sent_most_then_the_title():
    lob, agent = a_lob(), an_agent()
    copied, lost = a_reason(lob, "impersonation"), a_reason(lob, "lost-login")
    case = a_case(assignee=agent, reason_id=copied.pk)
    fits, _, often, once = [a_macro(key, lob) for key in ("zebra", "alpha", "omega", "delta")]
    general = a_macro("beta")
    fits.versions.update(conditions={"reason": ["impersonation"]})
    is_sent(often, copied, times=2)
    is_sent(once, copied, times=1)
    is_sent(general, copied, times=3, days_ago=31)
    is_sent(general, lost, times=3)

    assert offered(case) == ["Zebra en", "Omega en", "Delta en", "Alpha en", "Beta en"]


def test_other_languages_are_folded_behind_those_of_the_case():
    a_macro("hello", en="Hello", hi="नमस्ते", ms="Salam")
    case = a_case(assignee=an_agent(), language="ms")

    assert offered(case) == ["Hello ms", "Hello en folded", "Hello hi folded"]
    page = page_of(case).content.decode()
    assert page.count("data-folded hidden") == 2
    assert page.count("data-unfold") == 1


def test_nothing_is_folded_where_no_macro_speaks_the_language_of_the_case():
    a_macro("hello", en="Hello")
    case = a_case(assignee=an_agent(), language="ms")

    assert offered(case) == ["Hello en"]
    page = page_of(case).content.decode()
    assert "data-unfold" not in page


def test_the_counts_are_asked_for_once_however_many_pages_show_them(django_assert_num_queries):
    macro, case = a_macro(), a_case(assignee=an_agent())
    is_sent(macro, a_reason(), times=1)
    versions = [macro.versions.select_related("macro").get()]

    def ask() -> None:
        macro_order.in_order(versions, case, case.assignee)

    ask()
    macro_order.forget()
    with django_assert_num_queries(5):  # begin, who acts, the counts, who acted, and the end
        ask()
    with django_assert_num_queries(0):
        ask()
