"""Signing in and out, and how a session ends."""

from datetime import timedelta

import pytest
from django.templatetags.static import static
from django.test import Client
from django.utils import timezone

from caseward.ledger.models import Event
from caseward.ledger.verifying import damages
from caseward.org.acting import Actor, acting
from caseward.org.models import SignInAttempt, StaffMember, Vendor
from caseward.org.signing_in import PER_ACCOUNT, PER_ADDRESS, WINDOW
from tests.builders import a_case, a_specialist, a_staff_member, a_vendor, an_agent

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    """Hash passwords cheaply: the real way takes its time on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def asha(db):
    agent = an_agent(key="asha-verma", email="asha.verma@caseward.example")
    agent.set_password(PASSWORD)
    agent.save()
    return agent


def sign_in(browser, name, password=PASSWORD, **post):
    return browser.post("/sign-in", {"username": name, "password": password, **post})


def test_an_address_of_a_button_says_so_when_it_is_opened(asha):
    browser = Client()
    browser.force_login(asha)

    opened = browser.get("/desk/stop", headers={"Accept": "text/html,*/*;q=0.8"})
    asked_by_a_program = browser.get("/desk/stop", headers={"Accept": "application/json"})

    assert (opened.status_code, opened["Allow"]) == (405, "POST")
    assert "This is done with a button" in opened.content.decode()
    assert (asked_by_a_program.status_code, asked_by_a_program.content) == (405, b"")


def is_signed_in(browser):
    return browser.get("/desk/").status_code == 200


def kinds():
    return list(Event.objects.filter(case_id=0).order_by("seq").values_list("kind", flat=True))


@pytest.mark.parametrize(
    "name", ["asha-verma", "Asha-Verma", "asha.verma@caseward.example", " asha-verma "]
)
def test_staff_sign_in_with_their_name_or_their_work_address(asha, name):
    browser = Client()

    answer = sign_in(browser, name)

    assert answer.status_code == 302
    assert is_signed_in(browser)
    assert kinds() == ["staff.signed_in"]
    assert Event.objects.get().actor_id == asha.pk


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(asha):
    wrong = sign_in(Client(), "asha-verma", "not this one")
    unknown = sign_in(Client(), "nobody-here")

    assert wrong.status_code == unknown.status_code == 422
    same = "do not belong together"
    assert same in wrong.content.decode()
    assert same in unknown.content.decode()
    assert kinds() == ["staff.sign_in_refused"] * 2
    assert list(Event.objects.order_by("seq").values_list("actor_id", flat=True)) == [asha.pk, None]
    assert not list(damages())


def test_nobody_can_guess_on_at_one_account(asha):
    for _ in range(PER_ACCOUNT):
        sign_in(Client(), "asha-verma", "not this one")

    answer = sign_in(Client(), "asha-verma")

    assert answer.status_code == 429
    assert "Wait 15 minutes" in answer.content.decode()
    earlier = SignInAttempt.objects.first()
    SignInAttempt.objects.all().delete()
    SignInAttempt.objects.bulk_create(
        SignInAttempt(
            account=earlier.account,
            address=earlier.address,
            at=timezone.now() - WINDOW - timedelta(seconds=1),
        )
        for _ in range(PER_ACCOUNT)
    )
    assert sign_in(Client(), "asha-verma").status_code == 302


def test_trying_on_does_not_prolong_the_wait(asha):
    for _ in range(PER_ACCOUNT):
        sign_in(Client(), "asha-verma", "not this one")
    for _ in range(5):
        sign_in(Client(), "asha-verma")

    assert SignInAttempt.objects.count() == PER_ACCOUNT


def test_nobody_can_try_names_from_one_address(asha):
    digests = SignInAttempt(account=b"someone", address=b"", at=timezone.now())
    sign_in(Client(), "somebody", "first")
    digests.address = SignInAttempt.objects.get().address
    SignInAttempt.objects.bulk_create(
        SignInAttempt(account=b"%d" % n, address=digests.address, at=timezone.now())
        for n in range(PER_ADDRESS - 1)
    )

    assert sign_in(Client(), "asha-verma").status_code == 429


def test_signing_in_forgets_what_was_mistyped_before(asha):
    for _ in range(PER_ACCOUNT - 1):
        sign_in(Client(), "asha-verma", "not this one")
    sign_in(Client(), "asha-verma")

    assert sign_in(Client(), "asha-verma", "not this one").status_code == 422


def test_attempts_keep_no_name_and_no_address(asha):
    sign_in(Client(), "asha-verma", "not this one")

    attempt = SignInAttempt.objects.get()
    assert len(bytes(attempt.account)) == len(bytes(attempt.address)) == 32
    assert b"asha" not in bytes(attempt.account)


def test_somebody_whose_vendor_is_frozen_cannot_sign_in(asha):
    Vendor.objects.filter(pk=asha.vendor_id).update(is_active=False)

    answer = sign_in(Client(), "asha-verma")

    assert answer.status_code == 422
    assert "do not belong together" in answer.content.decode()


@pytest.mark.parametrize("change", ["is_active", "role", "vendor", "password", "vendor_frozen"])
def test_a_session_dies_with_what_it_was_opened_for(asha, change):
    browser = Client()
    sign_in(browser, "asha-verma")
    assert is_signed_in(browser)

    if change == "vendor_frozen":
        Vendor.objects.filter(pk=asha.vendor_id).update(is_active=False)
    else:
        other = StaffMember(password="")
        other.set_password("another long password")
        values = {
            "is_active": {"is_active": False},
            "role": {"role": "SPECIALIST", "vendor": None},
            "vendor": {"vendor": a_vendor("melati")},
            "password": {"password": other.password},
        }
        StaffMember.objects.filter(pk=asha.pk).update(**values[change])

    assert not is_signed_in(browser)


def test_signing_out_ends_the_session(asha):
    browser = Client()
    sign_in(browser, "asha-verma")

    assert browser.get("/sign-out").status_code == 405
    browser.post("/sign-out")

    assert not is_signed_in(browser)


def test_one_lands_where_one_wanted_to_go_but_never_elsewhere(asha):
    inside = sign_in(Client(), "asha-verma", next="/desk/queues/")
    outside = sign_in(Client(), "asha-verma", next="https://elsewhere.example/")

    assert inside.url == "/desk/queues/"
    assert outside.url == "/"


def test_agents_land_on_the_desk_and_leads_on_their_page(asha):
    browser = Client()
    browser.force_login(asha)
    assert browser.get("/").url == "/desk/"

    browser.force_login(a_staff_member("LOB_LEAD"))
    assert browser.get("/").url == "/lead/"

    browser.force_login(a_staff_member("VENDOR_MANAGER"))
    assert browser.get("/").url == "/lead/?by=vendor"


def test_the_desk_speaks_english_to_a_hindi_browser(asha):
    browser = Client(headers={"accept-language": "hi"})
    browser.force_login(asha)

    assert '<html lang="en"' in browser.get("/desk/").content.decode()


def test_a_page_names_only_the_areas_somebody_has(asha):
    agent, specialist = Client(), Client()
    agent.force_login(asha)
    specialist.force_login(a_specialist())

    assert "/desk/tier-2" not in agent.get("/desk/").content.decode()
    assert "/desk/tier-2" in specialist.get("/desk/").content.decode()
    assert "/desk/unfinished" not in specialist.get("/desk/").content.decode()


def test_a_missing_page_says_so_in_words(asha):
    browser = Client()
    browser.force_login(asha)
    for client in (browser, Client()):
        answer = client.get("/no-such-page")
        assert answer.status_code == 404
        assert "There is no page here" in answer.content.decode()


def test_a_form_that_was_open_too_long_says_what_to_do(asha):
    browser = Client(enforce_csrf_checks=True)

    answer = browser.post("/sign-in", {"username": "asha-verma", "password": PASSWORD})

    assert answer.status_code == 403
    assert "Go back, reload the page and send it again" in answer.content.decode()


def test_a_failure_of_ours_is_admitted_and_undone(asha, monkeypatch):
    browser = Client(raise_request_exception=False)
    browser.force_login(asha)
    a_case()

    def fail(*_args, **_named):
        raise RuntimeError("something of ours")

    monkeypatch.setattr("caseward.web.views.desk.lists.page_of", fail)
    answer = browser.get("/desk/")

    assert answer.status_code == 500
    assert "That was our mistake" in answer.content.decode()


def test_signing_in_and_working_needs_no_more_rights_than_the_program_has(committed_db):
    """Nobody acts here but the requests themselves, as in a running installation."""
    with acting(Actor.system("tests")):
        agent = an_agent(key="asha-verma")
        agent.set_password(PASSWORD)
        agent.save()
        case = a_case(assignee=agent)
    browser = Client()

    assert sign_in(browser, "asha-verma", "not this one").status_code == 422
    assert sign_in(browser, "asha-verma").status_code == 302
    assert case.reference in browser.get("/desk/").content.decode()
    assert browser.get("/no-such-page").status_code == 404


def test_the_icon_is_found_where_browsers_look_for_it():
    answer = Client().get("/favicon.ico")

    assert (answer.status_code, answer.url) == (301, static("img/favicon.svg"))
