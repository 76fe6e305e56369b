"""Files become the operation: planned first, applied whole, harmless twice, written back alike."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from caseward.channels.forms import open_forms
from caseward.channels.models import Mailbox
from caseward.jobs.cli import build_parser
from caseward.jobs.commands import CommandFailed
from caseward.jobs.operation.applying import CannotApply, apply, planned, present
from caseward.jobs.operation.differences import Change
from caseward.jobs.operation.exporting import FolderNotEmpty, export
from caseward.jobs.operation.parts import Operation
from caseward.jobs.operation.reading import read_operation
from caseward.ledger.models import Event
from caseward.org.catalogue import look_again
from caseward.org.models import LineOfBusiness, Region, Site, Skill, StaffMember, Team, VendorShare
from caseward.policy.models import Macro, Reason
from caseward.routing.models import Queue
from caseward.sla.calendars import calendar_from
from caseward.sla.models import Promise
from caseward.sla.services import planned_clocks
from tests.builders import MONDAY_9AM

pytestmark = pytest.mark.django_db
DEMO = Path(__file__).parents[2] / "operations" / "demo"


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


def test_a_plan_changes_nothing(demo: Operation) -> None:
    changes = planned(demo)
    assert "add staff member rohan-malhotra" in told(changes)
    assert not StaffMember.objects.exists()


def test_the_demo_operation_is_applied(applied: Operation) -> None:
    agent = StaffMember.objects.select_related("vendor", "manager", "site").get(key="aarav-khanna")
    assert (agent.vendor.key, agent.manager.key, agent.site.key) == (
        "northstar",
        "rohan-malhotra",
        "gurugram",
    )
    assert not agent.has_usable_password()
    assert StaffMember.objects.get(key="rohan-malhotra").vendor is None
    assert Team.objects.get(key="melati-family").leader.key == "lim-wei-shan"
    assert Reason.objects.count() == len(applied.reasons)
    promised = [duty for one in applied.promises for duty in one.duties.values() if duty]
    assert Promise.objects.count() == len(promised)
    assert Mailbox.objects.get(address="safety@caseward.example").lob.key == "minor-safety"
    assert set(open_forms()) == {line.key for line in applied.lines_of_business}


def test_there_is_a_queue_wherever_a_case_can_wait(applied: Operation) -> None:
    for share in VendorShare.objects.all():
        mine = {"lob": share.lob_id, "language": share.language}
        assert Queue.objects.filter(tier=1, vendor=share.vendor_id, **mine).exists()
    assert Queue.objects.filter(tier=2).count() == 4 * 5


def test_applying_twice_changes_nothing(applied: Operation) -> None:
    assert planned(applied) == ()
    assert apply(applied, now=MONDAY_9AM) == ()
    assert Event.objects.filter(kind="operation.applied").count() == 1


def test_holidays_not_observed_are_working_days(applied: Operation) -> None:
    calendar = calendar_from(Site.objects.get(key="gurugram"))
    vishwakarma, diwali = MONDAY_9AM.date().replace(day=10), MONDAY_9AM.date().replace(day=8)
    assert calendar.spans_on(vishwakarma)
    assert not calendar.spans_on(diwali)


def test_what_is_exported_reads_back_as_the_same_operation(
    applied: Operation, tmp_path: Path
) -> None:
    found = present()
    assert found is not None
    export(found, tmp_path / "written")
    assert planned(read_operation(tmp_path / "written")) == ()


@pytest.mark.parametrize(
    ("measured", "market", "told_as", "ends"),
    [
        ("days", "MY", "3d (calendar days of MY)", "2026-11-08T16:00:00+00:00"),
        ("business_days", "MY-KUL", "3d (business days of MY-KUL)", "2026-11-11T16:00:00+00:00"),
        ("working", "MY", "3d (working time of MY)", "2026-11-17T09:00:00+00:00"),
    ],
)
def test_a_promise_may_be_counted_on_the_days_of_a_market(
    applied: Operation, tmp_path: Path, measured: str, market: str, told_as: str, ends: str
) -> None:
    promise = applied.promises[0]
    first = replace(
        promise.first_response, within=timedelta(days=3), measured=measured, market=market
    )
    wanted = replace(
        applied, promises=(replace(promise, first_response=first), *applied.promises[1:])
    )

    (change,) = apply(wanted, now=MONDAY_9AM)
    look_again()

    assert change.changed[0].after == told_as
    assert planned(wanted) == ()
    found = present()
    assert found is not None
    export(found, tmp_path / "written")
    assert planned(read_operation(tmp_path / "written")) == ()
    lob = LineOfBusiness.objects.get(key=promise.line_of_business)
    thursday = datetime(2026, 11, 5, 9, tzinfo=UTC)
    clocks = planned_clocks(lob_id=lob.pk, priority=promise.priority, at=thursday)
    (ends_at,) = (one.deadline_at for one in clocks if one.kind == "FIRST_RESPONSE")
    assert ends_at is not None
    assert ends_at.isoformat() == ends


def test_an_export_overwrites_nothing(applied: Operation, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("[]")
    with pytest.raises(FolderNotEmpty):
        export(applied, tmp_path)


def test_a_change_names_the_values_before_and_after(applied: Operation) -> None:
    promise = applied.promises[0]
    slower = replace(promise.first_response, within=timedelta(hours=2))
    wanted = replace(
        applied, promises=(replace(promise, first_response=slower), *applied.promises[1:])
    )
    (change,) = planned(wanted)
    assert told((change,)) == ["change promise account-security priority 1"]
    assert (change.changed[0].before, change.changed[0].after) == ("1h (elapsed)", "2h (elapsed)")


def test_who_left_is_inactive_and_may_come_back(applied: Operation) -> None:
    without = replace(applied, staff=tuple(m for m in applied.staff if m.key != "manoj-kaushik"))
    assert told(apply(without, now=MONDAY_9AM)) == ["remove staff member manoj-kaushik"]
    assert not StaffMember.objects.get(key="manoj-kaushik").is_active
    assert not Skill.objects.filter(staff__key="manoj-kaushik").exists()

    assert told(apply(applied, now=MONDAY_9AM)) == ["add staff member manoj-kaushik"]
    assert StaffMember.objects.get(key="manoj-kaushik").is_active
    assert planned(applied) == ()


def test_two_people_may_exchange_their_addresses(applied: Operation) -> None:
    first, second = applied.staff[0], applied.staff[1]
    swapped = (replace(first, email=second.email), replace(second, email=first.email))
    apply(replace(applied, staff=(*swapped, *applied.staff[2:])), now=MONDAY_9AM)
    assert StaffMember.objects.get(key=first.key).email == second.email


def test_a_renamed_person_keeps_their_address(applied: Operation) -> None:
    last = applied.staff[-1]
    renamed = (*applied.staff[:-1], replace(last, key="somebody-new"))
    apply(replace(applied, staff=renamed), now=MONDAY_9AM)
    assert StaffMember.objects.get(key="somebody-new").email == last.email
    assert not StaffMember.objects.get(key=last.key).is_active


def test_a_macro_left_out_is_offered_no_more(applied: Operation) -> None:
    apply(replace(applied, macros=applied.macros[1:]), now=MONDAY_9AM)
    assert not Macro.objects.get(key=applied.macros[0].key).is_active


def test_what_is_still_needed_is_not_removed_and_nothing_else_happens(applied: Operation) -> None:
    smaller = replace(applied, teams=applied.teams[1:], macros=applied.macros[1:])
    with pytest.raises(CannotApply, match='The team "northstar-security" is not in the files'):
        apply(smaller, now=MONDAY_9AM)
    assert Macro.objects.get(key=applied.macros[0].key).is_active


def test_a_region_nobody_needs_is_removed(applied: Operation) -> None:
    Region.objects.create(key="emea", name="EMEA")
    assert told(apply(applied, now=MONDAY_9AM)) == ["remove region emea"]
    assert not Region.objects.filter(key="emea").exists()


def call(command: str, folder: Path) -> None:
    parsed = build_parser().parse_args([command, str(folder)])
    parsed.call(parsed)


def test_the_commands_tell_what_they_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call("plan", DEMO)
    call("apply", DEMO)
    call("apply", DEMO)
    call("export", tmp_path / "written")

    told = capsys.readouterr().out
    assert "+ staff member rohan-malhotra" in told
    assert "to add, 0 to change, 0 to remove." in told
    assert "added, 0 changed, 0 removed." in told
    assert "The operation is already what the files say." in told
    assert f"Wrote {len(list(DEMO.rglob('*.yaml')))} files" in told


def test_wrong_files_change_nothing_and_are_told_in_full(tmp_path: Path) -> None:
    shutil.copytree(DEMO, tmp_path, dirs_exist_ok=True)
    (tmp_path / "regions.yaml").write_text("- key: apac\n")
    with pytest.raises(CommandFailed, match=r'(?s)1 thing is wrong.*regions.yaml:1: "name" is mi'):
        call("apply", tmp_path)
    assert not Region.objects.exists()


def test_there_is_nothing_to_export_before_something_was_applied(tmp_path: Path) -> None:
    with pytest.raises(CommandFailed, match="There is no operation yet"):
        call("export", tmp_path / "written")
