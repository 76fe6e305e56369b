"""Filling, starting afresh, and refusing where others work: on databases that really commit."""

import io
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.db import connections

from caseward.casework.models import Case
from caseward.channels.models import Mailbox
from caseward.jobs.demo import filling, marking
from caseward.jobs.demo.bulk import NUMBERED, Writer
from caseward.jobs.demo.history import Plan
from caseward.jobs.demo.progress import Progress
from caseward.jobs.models import DemoMark
from caseward.ledger import verifying
from caseward.ledger.models import Chain, Event
from caseward.metrics.models import CaseFact
from caseward.org.acting import Actor, acting
from caseward.org.models import Operation, StaffMember
from tests.builders import a_case

NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
PLAN = Plan(now=NOW, cases=60, seed=1)


@pytest.fixture
def ours(committed_db, tmp_path, monkeypatch):
    """A data folder whose database the demo may fill."""
    monkeypatch.setattr(marking.settings, "DATA", tmp_path)
    monkeypatch.setenv("CASEWARD_DEMO_DATABASE", "1")
    return tmp_path


def quiet() -> Progress:
    return Progress("Filling", PLAN.cases, io.StringIO())


def test_a_filled_installation_holds_together(ours):
    filling.fill(PLAN, progress=quiet())

    with acting(Actor.system("tests")):
        assert list(verifying.damages()) == []
        cases = Case.objects.count()
        assert cases >= PLAN.cases
        assert Chain.objects.filter(case_id__gt=0).count() == cases == CaseFact.objects.count()
        assert not Event.objects.filter(at__gt=NOW).exists()
        assert Operation.objects.get().is_demo
        assert Mailbox.objects.exists()
        assert StaffMember.objects.count() > 60


def test_what_comes_after_the_history_collides_with_nothing(ours):
    filling.fill(PLAN, progress=quiet())

    with connections["owner"].cursor() as cursor:
        for model in NUMBERED.values():
            table = model._meta.db_table
            cursor.execute(
                f"SELECT nextval(pg_get_serial_sequence('{table}', 'id')) >"
                f" (SELECT COALESCE(max(id), 0) FROM {table})"
            )
            assert cursor.fetchone()[0], table


def test_an_empty_installation_is_filled_once(ours, monkeypatch):
    monkeypatch.setattr(filling, "Plan", lambda now: PLAN)

    assert filling.fill_if_empty(quiet())
    assert not filling.fill_if_empty(quiet())


def test_a_filling_cut_short_leaves_nothing_and_is_done_again(ours, monkeypatch):
    monkeypatch.setattr(filling, "Plan", lambda now: PLAN)
    with pytest.raises(KeyboardInterrupt):
        filling.fill(PLAN, progress=_Interrupting(after=30))

    assert not Case.objects.using("owner").exists()
    assert not DemoMark.objects.using("owner").exists()
    assert filling.fill_if_empty(quiet())


class _Interrupting(Progress):
    def __init__(self, after: int) -> None:
        super().__init__("Filling", PLAN.cases, io.StringIO())
        self._left = after

    def advance(self, by: int = 1) -> None:
        self._left -= by
        if not self._left:
            raise KeyboardInterrupt


def test_starting_afresh_makes_the_same_again(ours, monkeypatch):
    monkeypatch.setattr(filling, "Progress", lambda what, total: quiet())
    filling.fill(PLAN, progress=quiet())
    before = _everything()

    filling.reset(PLAN)

    assert _everything() == before


def _everything() -> list[tuple[object, ...]]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT case_id, seq, kind, at, data::text FROM ledger_event"
            " WHERE case_id > 0 ORDER BY case_id, seq"
        )
        return list(cursor.fetchall())


def test_somebody_elses_cases_keep_the_demo_out(ours):
    with acting(Actor.system("tests")):
        a_case()

    with pytest.raises(marking.NotOurs, match="1 cases already"):
        filling.fill(PLAN, progress=quiet())
    assert not filling.fill_if_empty(quiet())
    assert Case.objects.using("owner").count() == 1


def test_an_operation_somebody_began_is_left_alone(ours):
    with acting(Actor.system("tests")):
        Operation.objects.create(id=1, name="Ours", platform_name="P", mail_domain="a.example")

    assert not filling.fill_if_empty(quiet())


def test_a_server_of_ones_own_is_not_filled_unasked(ours, monkeypatch, capsys):
    monkeypatch.delenv("CASEWARD_DEMO_DATABASE")

    assert not filling.fill_if_empty(quiet())
    assert "CASEWARD_DEMO_DATABASE=1" in capsys.readouterr().err


@pytest.mark.parametrize("is_marked", [True, False])
def test_only_what_the_demo_made_can_be_thrown_away(ours, is_marked):
    with acting(Actor.system("tests")):
        a_case()
    if is_marked:
        marking.set_file_mark()
        DemoMark.objects.using("owner").create(
            id=1, installation=uuid4(), seed=1, cases=1, ends_at=NOW
        )

    with pytest.raises(marking.NotOurs, match="not made by the demo"):
        filling.reset(PLAN)
    assert Case.objects.using("owner").count() == 1


def test_a_writer_that_fails_says_so(ours):
    with pytest.raises(AttributeError), Writer() as writer:
        writer.add(object())
        writer.finish_with(lambda: None)


def test_a_log_gets_a_line_every_tenth():
    out = io.StringIO()
    progress = Progress("Filling", 40, out)
    progress.begin("Preparing")
    progress.start()
    for _ in range(40):
        progress.advance()
    progress.finish()

    tenths = [f"Filling  {tenth} %" for tenth in range(0, 101, 10)]
    assert out.getvalue().splitlines() == ["Preparing …", *tenths]
