"""`caseward run` as a whole: up, through the death of each part, and down again cleanly."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from caseward.jobs.embedded.cluster import is_running
from caseward.jobs.running import leftovers

pytestmark = pytest.mark.cluster
STOP_SECONDS = 15  # five on an idle machine; the tests share theirs


class Run:
    """A `caseward run` in a process of its own, with ports nobody else uses."""

    def __init__(self, data):
        self.data = data
        self.port, self.smtp_port = free_ports(3)[::2]
        own = {"PORT": str(self.port), "SMTP_PORT": str(self.smtp_port)}
        self.output = data.parent / "output.txt"
        with self.output.open("a") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "caseward.jobs", "run"],
                env=environment(data) | own | {"LIVE": "0", "PYTHONUNBUFFERED": "1"},
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def mark(self):
        return json.loads((self.data / "run.lock").read_text())["mark"]

    def said(self):
        return self.output.read_text()

    def is_healthy(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as page:
                return page.status == 200
        except (OSError, urllib.error.URLError):
            return False

    def wait_until_ready(self):
        eventually(lambda: "Press Ctrl-C" in self.said() or self.process.poll() is not None)
        assert self.process.poll() is None, self.said()

    def kill(self, part):
        """Kill the first process of a part outright."""
        pids = [pid for pid in leftovers.carrying(self.mark) if _is_part(pid, part)]
        os.kill(min(pids), signal.SIGKILL)

    def stop(self):
        began = time.monotonic()
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=30)
        return time.monotonic() - began


def environment(data):
    hidden = {"DATABASE_URL", "CASEWARD_OWNER_DATABASE_URL", "CASEWARD_DATABASE_POOLED"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"DATA": str(data)}


def fill_with_little(data):
    """Make a small demo: filling the whole one is another test's business, and takes long."""
    for words in (["migrate"], ["demo", "fill", "--cases", "60"]):
        command = [sys.executable, "-m", "caseward.jobs", *words]
        subprocess.run(command, env=environment(data), check=True, capture_output=True)


def free_ports(count):
    """Return neighbouring free ports: pages and live events use two in a row."""
    for first in range(18000, 19000, 10):
        if all(_can_bind(first + step) for step in range(count)):
            return [first + step for step in range(count)]
    raise AssertionError("no free ports")


def _can_bind(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _is_part(pid, part):
    words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    return words[1:4] == [b"-m", b"caseward.jobs", part.encode()]


def eventually(condition, seconds=120):
    give_up_at = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up_at, "it never happened"
        time.sleep(0.05)


@pytest.fixture
def run(data):
    fill_with_little(data)
    running = Run(data)
    yield running
    running.process.kill()
    running.process.wait()
    leftovers.end_leftovers(running.mark)


@pytest.mark.timeout(240)
def test_it_comes_up_survives_the_death_of_each_part_and_stops_cleanly(run):
    run.wait_until_ready()
    assert re.search(r"ready after [\d.]+ s", run.said())
    assert f"http://127.0.0.1:{run.port}" in run.said()

    for part in ("web", "worker"):
        deaths = run.said().count(f"{part:<9} started again")
        run.kill(part)
        eventually(lambda p=part, d=deaths: run.said().count(f"{p:<9} started again") > d)
    eventually(run.is_healthy)

    _kill_postmaster(run.data)
    eventually(lambda: "was killed; starting it again" in run.said())
    eventually(run.is_healthy)

    mark = run.mark
    assert run.stop() < STOP_SECONDS
    assert run.process.returncode == 0
    assert not leftovers.carrying(mark)
    assert not is_running(run.data)


@pytest.mark.timeout(240)
def test_a_killed_runner_takes_its_processes_along_and_the_next_one_recovers(run):
    run.wait_until_ready()
    mark = run.mark
    run.process.kill()
    run.process.wait()
    eventually(lambda: not leftovers.carrying(mark))

    second = Run(run.data)
    eventually(lambda: second.said().count("Press Ctrl-C") == 2)
    assert second.is_healthy()
    assert second.stop() < STOP_SECONDS
    assert not is_running(run.data)


def _kill_postmaster(data):
    base = json.loads((data / "postgres.json").read_text())["folder"]
    os.kill(int((Path(base) / "cluster/postmaster.pid").read_text().split()[0]), signal.SIGKILL)
