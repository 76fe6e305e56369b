"""The JSON interface: what a token opens, what it does not, and how it ends."""

import json
from datetime import timedelta

import pytest

from caseward.api.models import Token
from caseward.api.services import give_token, revoke_tokens
from caseward.casework.services import add_note, escalate_case
from caseward.jobs import cli
from caseward.org.acting import Actor, acting
from tests.builders import MONDAY_9AM, a_case, a_promise, a_specialist, a_vendor, an_agent


@pytest.fixture
def ask(client):
    def get(staff, path, **query):
        token = give_token(staff, now=MONDAY_9AM)
        return client.get(f"/api/v1{path}", query, headers={"authorization": f"Bearer {token}"})

    return get


@pytest.mark.django_db
def test_a_case_is_answered_with_all_that_belongs_to_it(ask):
    a_promise()
    agent = an_agent()
    case = a_case(assignee=agent, text="Write to asha@example.com")
    escalate_case(reference=case.reference, by=agent, why="Payouts", tried="Link", now=MONDAY_9AM)

    answer = ask(agent, f"/cases/{case.reference}")

    told = answer.json()
    assert answer.status_code == 200
    assert (told["reference"], told["status"], told["tier"]) == (case.reference, "ESCALATED", 2)
    assert told["line_of_business"] == "account-security"
    assert told["messages"][0]["text"] == "Write to a•••@e•••.com"
    assert told["parties"][0]["masked_email"] == "a•••@e•••.com"
    assert told["clocks"][0]["deadline_at"] == "2026-11-16T13:00:00Z"
    assert told["escalations"][0]["why"] == "Payouts"
    assert [event["kind"] for event in told["timeline"]] == ["case.opened", "case.escalated"]
    assert "asha@example.com" not in answer.content.decode()


@pytest.mark.django_db
def test_a_token_sees_what_its_owner_sees(ask):
    ours, theirs, specialist = an_agent(), an_agent(vendor=a_vendor("melati")), a_specialist()
    case = a_case(vendor=ours.vendor, text="A rare zebra")
    add_note(
        reference=case.reference, by=specialist, text="Fraud ring", now=MONDAY_9AM,
        in_house_only=True,
    )  # fmt: skip

    for staff, status, messages in [(ours, 200, 1), (specialist, 200, 2), (theirs, 404, 0)]:
        answer = ask(staff, f"/cases/{case.reference}")
        assert answer.status_code == status
        assert len(answer.json().get("messages", [])) == messages
        found = ask(staff, "/cases", query="zebra").json()["cases"]
        assert [line["reference"] for line in found] == ([case.reference] if messages else [])


@pytest.mark.django_db
def test_pages_are_followed_by_their_cursor(ask):
    agent = an_agent()
    cases = [a_case(text="zebra").reference for _ in range(3)]

    first = ask(agent, "/cases", query="zebra", limit=2).json()
    second = ask(agent, "/cases", query="zebra", limit=2, cursor=first["next_cursor"]).json()

    told = [line["reference"] for line in first["cases"] + second["cases"]]
    assert told == cases[::-1]
    assert second["next_cursor"] is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/cases/CW-0000-000", 404),
        ("/cases/CW-0000-001", 404),
        ("/cases/%00", 404),
        ("/cases/" + "x" * 21, 422),
        ("/cases?limit=0", 422),
        ("/cases?limit=101", 422),
        ("/cases?limit=many", 422),
        ("/cases?cursor=abc", 422),
        ("/cases?cursor=" + "9" * 19, 422),
        ("/cases?query=" + "x" * 201, 422),
        ("/cases?query=%25%5F%5C", 200),
        ("/cases?query=%E7%99%BB%E5%BD%95", 200),
        ("/cases?query=%00", 200),
    ],
)
def test_odd_questions_get_clear_answers(ask, path, status):
    agent = an_agent()
    a_case()

    answer = ask(agent, path)

    assert answer.status_code == status
    assert status == 200 or answer.json()["detail"]


@pytest.mark.django_db
@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic YTpi", "Bearer "])
def test_without_a_token_nothing_is_answered(client, header):
    headers = {"authorization": header} if header else {}

    assert client.get("/api/v1/cases", headers=headers).status_code == 401


@pytest.mark.django_db
@pytest.mark.parametrize("ended_by", ["revoked", "left", "frozen"])
def test_a_token_ends_when_it_is_revoked_or_its_owner_may_not_sign_in(client, ended_by):
    agent = an_agent()
    token = give_token(agent, now=MONDAY_9AM)
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/api/v1/cases", headers=headers).status_code == 200

    if ended_by == "revoked":
        assert revoke_tokens(agent, now=MONDAY_9AM) == 1
    elif ended_by == "left":
        agent.is_active = False
        agent.save()
    else:
        agent.vendor.is_active = False
        agent.vendor.save()

    assert client.get("/api/v1/cases", headers=headers).status_code == 401


@pytest.mark.django_db
def test_too_many_calls_are_told_to_wait_and_counted_per_token(client, settings):
    settings.API_LIMIT_PER_MINUTE = 2
    agent = an_agent()
    busy, other = (give_token(agent, now=MONDAY_9AM) for _ in range(2))

    def status(token):
        headers = {"authorization": f"Bearer {token}"}
        return client.get("/api/v1/cases", headers=headers)

    answers = [status(busy) for _ in range(5)]  # a new minute may begin on the way
    refused = [answer for answer in answers if answer.status_code == 429]
    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert all(1 <= int(answer["Retry-After"]) <= 60 for answer in refused)
    assert refused
    assert status(other).status_code == 200


def test_a_call_comes_from_nobody_until_its_token_is_known(committed_db, client):
    with acting(Actor.system("tests")):
        case = a_case()
        token = give_token(an_agent(), now=MONDAY_9AM)

    answer = client.get(
        f"/api/v1/cases/{case.reference.lower()}", headers={"authorization": f"Bearer {token}"}
    )

    assert answer.status_code == 200
    assert answer.json()["reference"] == case.reference


@pytest.mark.django_db
def test_a_token_is_kept_as_a_hash():
    token = give_token(an_agent(), now=MONDAY_9AM)

    row = Token.objects.get()
    assert token not in (row.digest, str(row))
    assert len(row.digest) == 64


@pytest.mark.django_db
def test_every_refusal_is_described(client):
    described = client.get("/api/v1/openapi.json").json()

    assert set(described["paths"]) == {"/api/v1/cases", "/api/v1/cases/{reference}"}
    for operations in described["paths"].values():
        assert {"200", "401", "404", "422", "429"} <= set(operations["get"]["responses"])
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert b"cdn" not in page.content


@pytest.mark.django_db
def test_the_command_gives_lists_and_revokes(client, capsys):
    agent = an_agent(key="ana")

    def caseward(*arguments):
        parsed = cli.build_parser().parse_args(["token", *arguments])
        parsed.call(parsed)
        return capsys.readouterr().out.strip()

    token = caseward("ANA")
    headers = {"authorization": f"Bearer {token}"}
    assert client.get("/api/v1/cases", headers=headers).status_code == 200
    assert "last used" in caseward("ana", "--list")
    assert caseward("ana", "--revoke") == f"Revoked 1 of {agent.name}."
    assert client.get("/api/v1/cases", headers=headers).status_code == 401
    assert json.dumps(caseward("ana", "--list")) == '""'
    with pytest.raises(Exception, match="Nobody signs in as 'nobody'"):
        caseward("nobody")


@pytest.mark.django_db
def test_a_case_costs_the_same_number_of_questions_however_much_was_said(
    ask, django_assert_max_num_queries
):
    agent = an_agent()
    case = a_case()
    for minutes in range(20):
        with acting(Actor.staff(agent)):
            add_note(
                reference=case.reference, by=agent, text="Hm",
                now=MONDAY_9AM + timedelta(minutes=minutes),
            )  # fmt: skip

    with django_assert_max_num_queries(30):
        assert ask(agent, f"/cases/{case.reference}").status_code == 200
