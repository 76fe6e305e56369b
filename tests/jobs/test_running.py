"""`caseward run` in parts: ports, patience, leftovers, and who ends whom. Real processes."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from django.db.migrations.recorder import MigrationRecorder

from caseward.jobs.embedded.ports import free_port
from caseward.jobs.running import guarded, leftovers, translations, up_to_date
from caseward.jobs.running.claim import AlreadyRunning, only_runner
from caseward.jobs.running.doors import Door, DoorBlocked, check_doors, is_healthy
from caseward.jobs.running.parts import Part
from caseward.jobs.running.process import LOG_BYTES, Process, keep_short
from caseward.jobs.running.runner import Runner, WillNotStart

VERSION = Part("version", ("database", "status"), "ends at once")
SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]


def eventually(condition, seconds=10):
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "it never happened"
        time.sleep(0.02)


def is_alive(pid):
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_port_in_use_is_named_with_the_variable_that_moves_it():
    with socket.socket() as other_program:
        other_program.bind(("127.0.0.1", 0))
        other_program.listen()
        port = other_program.getsockname()[1]

        with pytest.raises(DoorBlocked) as blocked:
            check_doors([Door(port, "incoming mail", "SMTP_PORT")])

    assert str(blocked.value).startswith(f"Port {port}, meant for incoming mail, is in use")
    assert f"SMTP_PORT={port + 1010} make run" in str(blocked.value)


@pytest.mark.parametrize("port", [-1, 0, 65536, 70000])
def test_a_port_that_cannot_be_is_told_too(port):
    with pytest.raises(DoorBlocked, match=r"does not exist.* PORT=8010 make run"):
        check_doors([Door(port, "the pages", "PORT")])


def test_one_port_for_two_things_is_told_before_anything_starts():
    free = free_port()
    doors = [Door(free, "the pages", "PORT"), Door(free, "incoming mail", "SMTP_PORT")]

    with pytest.raises(DoorBlocked, match=r"incoming mail, is also meant for the pages.*SMTP_PORT"):
        check_doors(doors)


def test_nothing_is_to_be_done_where_every_migration_on_disk_was_applied(db):
    applied = Counter(MigrationRecorder.Migration.objects.values_list("name", flat=True))
    assert not up_to_date.unapplied(applied)

    assert up_to_date.unapplied(applied - Counter(["0003_demo_mark"])) == {"0003_demo_mark": 1}


def test_a_database_that_cannot_be_asked_is_not_ready():
    assert not up_to_date.is_ready(f"postgresql://cw_owner@127.0.0.1:{free_port()}/caseward")


def test_compiled_python_goes_to_the_data_folder_where_it_may_not_lie_beside_the_sources(tmp_path):
    script = (
        "from pathlib import Path; from caseward.jobs.running import bytecode;"
        f"bytecode.keep_in(Path({str(tmp_path)!r})); import caseward.core.masking"
    )
    own = {"PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", script], env=os.environ | own, check=True)

    assert list(tmp_path.rglob("masking.*.pyc"))


def test_translations_are_compiled_where_they_are_not_and_that_is_said(monkeypatch, capsys):
    monkeypatch.setattr(translations, "stale_catalogues", lambda: [Path("hi/django.po")])
    monkeypatch.setattr(translations, "COMPILE", [sys.executable, "-c", "print('Compiled')"])
    translations.see_to_them()
    monkeypatch.setattr(translations, "COMPILE", [sys.executable, "-c", "raise SystemExit(1)"])
    translations.see_to_them()
    monkeypatch.setattr(translations, "stale_catalogues", list)
    translations.see_to_them()

    said = capsys.readouterr()
    assert said.out.count("compiles the translations") == 2
    assert said.err.count("Run `caseward messages compile`") == 1


def test_nobody_behind_a_port_is_not_healthy():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        assert not is_healthy(unused.getsockname()[1])


def test_the_second_runner_of_a_folder_is_told_about_the_first(tmp_path):
    with (
        only_runner(tmp_path, address="http://127.0.0.1:8000"),
        pytest.raises(AlreadyRunning, match=rf"process {os.getpid()}, http://127.0.0.1:8000"),
        only_runner(tmp_path, address="http://127.0.0.1:8010"),
    ):
        pass


def test_what_a_killed_runner_left_is_ended_by_the_next_one(tmp_path):
    left = subprocess.Popen(SLEEPER, env=os.environ | {leftovers.MARK: "earlier"})
    bystander = subprocess.Popen(SLEEPER, env=os.environ | {leftovers.MARK: "somebody else's"})
    eventually(lambda: leftovers.carrying("earlier"))
    (tmp_path / "run.lock").write_text(json.dumps({"pid": 1, "mark": "earlier"}))

    with only_runner(tmp_path, address="") as ended:
        assert ended == 1

    assert left.wait(timeout=5) == -signal.SIGTERM
    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_process_ends_when_its_parent_is_killed(tmp_path):
    told = tmp_path / "pid"
    script = f"""
import os, subprocess, sys, time
child = subprocess.Popen(
    [sys.executable, "-S", {guarded.__file__!r}, str(os.getpid()), *{SLEEPER!r}]
)
open({str(told)!r}, "w").write(str(child.pid))
time.sleep(60)
"""
    parent = subprocess.Popen([sys.executable, "-c", script])
    eventually(lambda: told.exists() and told.read_text())
    time.sleep(0.3)
    parent.kill()
    parent.wait()

    eventually(lambda: not is_alive(int(told.read_text())))


def test_a_process_that_keeps_dying_waits_longer_each_time(tmp_path):
    process = Process(VERSION, tmp_path)
    pauses = []
    for _death in range(8):
        process.deaths_in_a_row += 1
        pauses.append(process.pause_seconds)

    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30]


def test_a_part_that_never_comes_up_is_given_up_with_the_end_of_its_log(tmp_path, monkeypatch):
    monkeypatch.setenv("DATA", str(tmp_path))
    runner = Runner([Part("odd", ("no-such-command",), "does odd things")], log=tmp_path)

    with pytest.raises(WillNotStart, match="no command `no-such-command`"):
        runner.run(is_healthy=lambda: False, when_ready=lambda: None)


def test_a_part_that_is_done_is_left_in_peace(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setenv("DATA", str(tmp_path))
    process = Process(Part("help", ("--help",), "helps", may_end=True), tmp_path)
    process.start()
    eventually(lambda: process.notice_death() is not None)

    assert process.is_done
    assert not process.start_if_due()


def test_a_log_grown_long_is_moved_aside_and_goes_on_in_place(tmp_path):
    log = tmp_path / "web.log"
    with log.open("ab") as writer:
        writer.write(b"x" * (LOG_BYTES + 1))
        writer.flush()
        keep_short(log)
        writer.write(b"and on")

    assert log.read_bytes() == b"and on"
    assert (tmp_path / "web.log.1").stat().st_size == LOG_BYTES + 1
