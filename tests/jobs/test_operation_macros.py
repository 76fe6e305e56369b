"""Macros in files: which cases they are for and what they do, there and back without a change."""

from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from caseward.jobs.operation.applying import apply, planned, present
from caseward.jobs.operation.exporting import export
from caseward.jobs.operation.parts import Operation
from caseward.jobs.operation.problems import OperationInvalid
from caseward.jobs.operation.reading import read_operation
from caseward.org.catalogue import look_again
from caseward.org.models import StaffMember
from caseward.policy.models import Macro, MacroVersion, VersionState
from caseward.policy.services.versions import release, send_to_review, write_draft
from tests.builders import MONDAY_9AM

DEMO = Path(__file__).parents[2] / "operations" / "demo"
FILE = "macros/account-security.yaml"
BACK = "{remove_tags: [proof-asked], then: resolve, disposition: recovered}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(copytree(DEMO, tmp_path / "operation"))


@pytest.fixture
def applied() -> Operation:
    demo = read_operation(DEMO)
    apply(demo, now=MONDAY_9AM)
    look_again()
    return demo


def change(folder: Path, written: str, instead: str, file: str = FILE) -> int:
    """Change a file once and return the line of the change."""
    path = folder / file
    before, found, after = path.read_text().partition(written)
    assert found
    path.write_text(before + instead + after)
    return before.count("\n") + 1


def released(key: str) -> MacroVersion:
    return MacroVersion.objects.get(macro__key=key, state=VersionState.RELEASED)


def release_on_screen(key: str, **content: Any) -> None:
    before, people = released(key), StaffMember.objects
    lead, colleague = people.get(key="ananya-deshpande"), people.get(key="priyanka-bhalla")
    kept = ("title", "texts", "actions", "conditions", "is_safe_when_locked")
    content = {name: getattr(before, name) for name in kept} | content
    draft = write_draft(Macro.objects.get(key=key), by=lead, content=content)
    release(send_to_review(draft, by=lead, now=MONDAY_9AM), by=colleague, now=MONDAY_9AM)


def told(operation: Operation) -> list[str]:
    return [
        f"{change.key}: {one.name}: {one.before} -> {one.after}"
        for change in planned(operation)
        for one in change.changed
    ]


@pytest.mark.django_db
def test_a_macro_of_the_files_knows_its_cases_and_what_it_does(applied: Operation) -> None:
    asks, ends = released("proof-of-ownership"), released("account-back")

    assert asks.conditions == {"reason": ["hacked-account", "lost-login"]}
    assert asks.actions == {"add_tags": ["proof-asked"], "then": "PENDING"}
    assert (ends.actions["then"], ends.actions["disposition"]) == ("RESOLVE", "recovered")
    assert released("safety-reply").is_safe_when_locked
    assert not asks.is_safe_when_locked


@pytest.mark.django_db
def test_the_same_files_again_change_nothing(applied: Operation) -> None:
    before = MacroVersion.objects.count()

    assert planned(applied) == ()
    apply(applied, now=MONDAY_9AM)

    assert MacroVersion.objects.count() == before


@pytest.mark.django_db
def test_what_was_released_on_screen_comes_back_from_an_export(
    applied: Operation, tmp_path: Path
) -> None:
    release_on_screen(
        "ban-explained",
        texts={"en": "Call {crisis:suicide}.\r\n\r\n{platform}\n"},
        actions={"priority": 2, "escalate_why": "Look at it.", "disposition": "left over"},
        conditions={"tier": ["1"], "lob": ["age-support"], "tags": ["new"]},
        is_safe_when_locked=True,
    )
    now = present()
    assert now is not None
    export(now, tmp_path / "written")
    again = read_operation(tmp_path / "written")

    assert planned(again) == ()
    (kept,) = [macro for macro in again.macros if macro.key == "ban-explained"]
    assert kept.actions is not None and kept.actions.escalate_why == "Look at it."
    assert kept.conditions == {
        "line_of_business": ("age-support",), "tier": ("1",), "tags": ("new",),
    }  # fmt: skip


@pytest.mark.django_db
def test_what_a_file_leaves_out_is_named_in_the_plan_and_taken_away(applied: Operation) -> None:
    release_on_screen(
        "ban-explained",
        actions={"add_tags": ["twice"], "then": "PENDING"},
        conditions={"tier": ["1"], "reason": ["ban-appeal"]},
        is_safe_when_locked=True,
    )

    assert told(applied) == [
        "ban-explained: conditions.tier: 1 -> nothing",
        "ban-explained: actions.add_tags: twice -> nothing",
        "ban-explained: actions.then: pending -> nothing",
        "ban-explained: safe_when_locked: True -> False",
    ]
    apply(applied, now=MONDAY_9AM)

    now = released("ban-explained")
    assert (now.actions, now.is_safe_when_locked) == ({}, False)
    assert now.conditions == {"reason": ["ban-appeal"]}
    assert now.number == 3


@pytest.mark.parametrize(
    ("written", "instead", "problem"),
    [
        ("disposition: recovered", "disposition: recoverd", 'did you mean "recovered"?'),
        ("disposition: recovered", "disposition: restored", "is not a disposition of this line"),
        (", disposition: recovered", "", "say with which disposition"),
        ("then: resolve", "then: pending", 'disposition: only with "then: resolve"'),
        ("then: resolve", "then: close", "then: expected one of pending, resolve"),
        (BACK, f"{BACK[:-1]}, escalate_why: Look}}", "resolved or escalated, not both"),
        (BACK, f"{BACK[:-1]}, reason: scam}}", '"scam" is not a reason of this line of business'),
        (BACK, f"{BACK[:-1]}, priority: 5}}", "priority: expected"),
        (BACK, "{tags: [one]}", '"tags" is not known here'),
        ("reason: [impersonation]", "reason: [impersonaton]", 'did you mean "impersonation"?'),
    ],
)
def test_what_cannot_be_is_named_by_file_and_line(
    folder: Path, written: str, instead: str, problem: str
) -> None:
    line = change(folder, written, instead)

    with pytest.raises(OperationInvalid) as wrong:
        read_operation(folder)

    assert [one.line for one in wrong.value.problems if problem in one.text] == [line]
    assert {one.file for one in wrong.value.problems} == {FILE}


def test_a_macro_for_every_line_cannot_resolve(folder: Path) -> None:
    change(folder, "then: pending", "then: resolve", "macros/general.yaml")

    with pytest.raises(OperationInvalid, match="a macro for every line of business cannot"):
        read_operation(folder)


def test_help_in_a_crisis_is_a_placeholder_where_the_files_name_it(folder: Path) -> None:
    hello = "Hello {requester_name}"
    change(folder, hello, "{crisis:suicide} {platform}")
    assert read_operation(folder).macros

    line = change(folder, hello, "{crisis:suicid}")
    with pytest.raises(OperationInvalid) as wrong:
        read_operation(folder)

    (problem,) = wrong.value.problems
    assert 'did you mean "crisis:suicide"?' in problem.text
    assert problem.line < line
