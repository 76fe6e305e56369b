"""Playbooks, automations and what leads change on screen: to files and back without a change."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from caseward.automation.models import Rule, RuleVersion
from caseward.automation.services import try_rule, turn_on, write_rule
from caseward.casework.emergency.rotas import ROTAS, read_rota
from caseward.casework.models import OnCallRota
from caseward.jobs.operation.applying import CannotApply, apply, planned, present
from caseward.jobs.operation.differences import Change
from caseward.jobs.operation.exporting import export
from caseward.jobs.operation.parts import Operation
from caseward.jobs.operation.problems import OperationInvalid
from caseward.jobs.operation.reading import read_operation
from caseward.org import changing
from caseward.org.catalogue import look_again
from caseward.org.models import StaffMember
from caseward.policy.models import PlaybookVersion, VersionState
from caseward.policy.services.playbooks import playbook_for
from caseward.policy.services.versions import release, send_to_review, write_draft
from tests.builders import MONDAY_9AM

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[2] / "operations" / "demo"
TICK = {"key": "look", "texts": {"en": "Look at it."}}


@pytest.fixture(scope="module")
def demo() -> Operation:
    return read_operation(DEMO)


@pytest.fixture
def applied(demo: Operation) -> Operation:
    apply(demo, now=MONDAY_9AM)
    look_again()
    return demo


def told(changes: tuple[Change, ...]) -> list[str]:
    return [f"{change.sort} {change.noun} {change.key}" for change in changes]


def person(key: str) -> StaffMember:
    return StaffMember.objects.get(key=key)


def automations(operation: Operation) -> Any:
    return operation.more["automations"]


def with_more(operation: Operation, **more: Any) -> Operation:
    return replace(operation, more={**operation.more, **more})


def written_again(tmp_path: Path) -> Operation:
    found = present()
    assert found is not None
    export(found, tmp_path / "written")
    return read_operation(tmp_path / "written")


def test_a_playbook_of_the_files_is_in_force_and_nobodys_work_to_review(applied: Operation) -> None:
    version = PlaybookVersion.objects.get(state=VersionState.RELEASED)

    assert version.playbook.reason.key == "hacked-account"
    assert (version.author, version.reviewer) == (None, None)
    assert version.steps[0]["blocks"] == ["recovered"]
    assert version.steps[2]["check"] == "LADDER" and version.steps[2]["tiers"] == [2]


def test_a_rule_of_the_files_waits_for_people_to_test_it_and_turn_it_on(applied: Operation) -> None:
    rule = Rule.objects.get(key="money-first")
    (version,) = rule.versions.all()

    assert (version.state, version.author, rule.lob.key) == ("DRAFT", None, "account-security")
    assert version.deeds == {"add_tags": ["money"]}
    assert version.conditions == {"reason": ["purchase-not-mine"]}


def test_what_leads_change_on_screen_comes_back_from_an_export(
    applied: Operation, tmp_path: Path
) -> None:
    lead, colleague = person("ananya-deshpande"), person("priyanka-bhalla")
    reason = PlaybookVersion.objects.get().playbook.reason
    draft = write_draft(playbook_for(reason), by=lead, content={"steps": [TICK]})
    release(send_to_review(draft, by=lead, now=MONDAY_9AM), by=colleague, now=MONDAY_9AM)
    rule = RuleVersion.objects.get(rule__key="money-first")
    turn_on(try_rule(rule, by=lead, now=MONDAY_9AM), by=lead, now=MONDAY_9AM)
    south = read_rota("gurugram-danger")
    assert south is not None
    name = {**south, "name": "South", "people": south["people"][::-1]}
    changing.change(
        ROTAS, "gurugram-danger", name, by=lead, now=MONDAY_9AM, seen=changing.mark_of(south)
    )

    again = written_again(tmp_path)

    assert planned(again) == ()
    assert told(planned(applied)) == [
        "change on-call rota gurugram-danger",
        "change playbook account-security hacked-account",
    ]
    playbooks: Any = again.more["playbooks"]
    assert [step.key for step in playbooks[0].steps] == ["look"]


def test_a_draft_on_screen_is_no_difference_and_is_not_written_over(applied: Operation) -> None:
    lead = person("ananya-deshpande")
    rule = Rule.objects.get(key="money-first")
    first = rule.versions.get()
    turn_on(try_rule(first, by=lead, now=MONDAY_9AM), by=lead, now=MONDAY_9AM)
    asked: dict[str, Any] = {"kinds": ["case.opened"], "after_minutes": 0, "conditions": {}}
    write_rule(rule, by=lead, deeds={"add_tags": ["other"]}, now=MONDAY_9AM, **asked)

    assert planned(applied) == ()
    assert rule.versions.count() == 2


def test_changed_files_bring_a_draft_beside_what_is_on(applied: Operation) -> None:
    lead = person("ananya-deshpande")
    first = RuleVersion.objects.get(rule__key="money-first")
    turn_on(try_rule(first, by=lead, now=MONDAY_9AM), by=lead, now=MONDAY_9AM)
    money, back = automations(applied)
    wanted = with_more(applied, automations=(replace(money, when=("case.reopened",)), back))

    assert told(apply(wanted, now=MONDAY_9AM)) == ["change automation money-first"]

    states = dict(first.rule.versions.values_list("number", "state"))
    assert states == {1: "ON", 2: "DRAFT"}
    assert planned(wanted) == ()


def test_what_files_leave_out_is_taken_out_of_use(applied: Operation) -> None:
    lead = person("ananya-deshpande")
    first = RuleVersion.objects.get(rule__key="money-first")
    turn_on(try_rule(first, by=lead, now=MONDAY_9AM), by=lead, now=MONDAY_9AM)
    without = with_more(applied, automations=(), playbooks=())

    apply(without, now=MONDAY_9AM)

    first.refresh_from_db()
    assert first.state == "OFF" and not Rule.objects.filter(is_active=True).exists()
    assert not PlaybookVersion.objects.filter(state=VersionState.RELEASED).exists()
    assert planned(without) == ()
    apply(applied, now=MONDAY_9AM)
    assert planned(applied) == ()


def test_a_file_that_is_left_out_leaves_what_there_is_alone(applied: Operation) -> None:
    more = {
        name: parts
        for name, parts in applied.more.items()
        if name not in {"playbooks", "automations", "on_call"}
    }
    without = replace(applied, more=more)

    assert apply(without, now=MONDAY_9AM) == ()
    assert OnCallRota.objects.filter(is_active=True).count() == 2


def test_a_rule_that_would_never_end_is_refused_whole(applied: Operation) -> None:
    money, back = automations(applied)
    lead = person("ananya-deshpande")
    again = RuleVersion.objects.get(rule__key="look-at-reopened")
    turn_on(try_rule(again, by=lead, now=MONDAY_9AM), by=lead, now=MONDAY_9AM)
    loop = replace(
        money, line_of_business="general", when=("note.added",), conditions={},
        deeds=replace(money.deeds, note="And again."),
    )  # fmt: skip

    with pytest.raises(CannotApply, match='The automation "money-first" could never work'):
        apply(with_more(applied, automations=(loop, back)), now=MONDAY_9AM)

    assert planned(applied) == ()


WRONG = [
    ("playbooks", "reason: hacked-account", "reason: hacked", 'did you mean "hacked-account"'),
    ("playbooks", "check: ladder", "check: rope", "expected one of tick, choice"),
    ("playbooks", "- recovered", "- saved", "not a disposition of this line"),
    ("automations", "case.opened", "case.open", 'did you mean "case.opened"'),
    ("automations", "purchase-not-mine", "purchase", "is not a reason"),
    (
        "automations",
        "when: [case.reopened]\n  conditions:\n    without_tags: [came-back]",
        "when: [note.added]",
        "again and again, for ever",
    ),
    ("automations", "add_tags: [money]", "priority: 9", "a whole number from 1 to 4"),
]


@pytest.mark.parametrize(("name", "good", "bad", "words"), WRONG)
def test_what_is_wrong_is_named_by_file_and_line(
    tmp_path: Path, name: str, good: str, bad: str, words: str
) -> None:
    for path in DEMO.rglob("*.yaml"):
        copy = tmp_path / path.relative_to(DEMO)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(path.read_text())
    spoilt = tmp_path / f"{name}.yaml"
    assert good in spoilt.read_text()
    spoilt.write_text(spoilt.read_text().replace(good, bad, 1))

    with pytest.raises(OperationInvalid, match=words) as refused:
        read_operation(tmp_path)

    assert all(problem.file == f"{name}.yaml" for problem in refused.value.problems)
