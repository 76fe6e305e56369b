"""The embedded PostgreSQL when things go wrong: races, kills, stale files, taken ports."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from caseward.jobs.embedded import ensure_cluster, stop_cluster
from caseward.jobs.embedded.cluster import is_running
from caseward.jobs.embedded.folder import DataFolder

pytestmark = pytest.mark.cluster

USER = """
import sys
from pathlib import Path
from caseward.jobs.embedded import ensure_cluster

cluster = ensure_cluster(Path(sys.argv[1]), durable=False)
print(cluster.port, cluster.server.pid(), flush=True)
sys.stdin.readline()
cluster.leave()
"""


def a_user(data):
    """Start another process that uses the cluster until it reads a line, or its input ends."""
    return subprocess.Popen(
        [sys.executable, "-c", USER, str(data)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def ends(user):
    user.communicate("enough\n", timeout=30)


def test_processes_racing_for_a_new_folder_share_one_server(data):
    users = [a_user(data) for _ in range(6)]
    servers = {user.stdout.readline() for user in users}
    first, *others = users

    assert len(servers) == 1
    for user in others:
        ends(user)
    assert is_running(data)
    ends(first)
    assert not is_running(data)


def test_a_user_that_was_killed_no_longer_counts(data):
    with ensure_cluster(data, durable=False):
        killed = a_user(data)
        killed.stdout.readline()
        killed.kill()
        killed.communicate()

    assert not is_running(data)


def test_a_server_asked_to_stay_outlives_later_users(data):
    ensure_cluster(data, durable=False).leave(keep_running=True)
    ensure_cluster(data, durable=False).leave()

    assert is_running(data)
    assert stop_cluster(data)
    assert not is_running(data)
    assert not stop_cluster(data)


def test_what_was_committed_survives_a_killed_server(data):
    with ensure_cluster(data) as cluster:
        with psycopg.connect(cluster.url_for("cw_owner"), autocommit=True) as owner:
            owner.execute("CREATE TABLE kept AS SELECT generate_series(1, 1000) AS number")
            os.kill(cluster.server.pid(), signal.SIGKILL)

        with ensure_cluster(data) as again, psycopg.connect(again.url_for("cw_owner")) as owner:
            assert again.port == cluster.port
            assert owner.execute("SELECT count(*) FROM kept").fetchone() == (1000,)


def test_a_killed_server_is_started_again_on_its_port(cluster):
    assert not cluster.recover()
    os.kill(cluster.server.pid(), signal.SIGKILL)
    time.sleep(0.05)

    assert cluster.recover()
    psycopg.connect(cluster.url_for("cw_app")).close()


def test_a_pid_file_whose_number_now_belongs_to_another_program_is_ignored(data):
    ensure_cluster(data, durable=False).leave()
    bystander = subprocess.Popen(["sleep", "60"])
    _write_pid_file(data, str(bystander.pid))

    with ensure_cluster(data, durable=False) as cluster:
        psycopg.connect(cluster.url_for("cw_app")).close()

    assert bystander.poll() is None
    bystander.kill()
    bystander.wait()


def test_a_pid_file_that_makes_no_sense_is_ignored(data):
    ensure_cluster(data, durable=False).leave()
    _write_pid_file(data, "\0\0\0")

    with ensure_cluster(data, durable=False) as cluster:
        psycopg.connect(cluster.url_for("cw_app")).close()


def test_a_cluster_half_made_is_made_anew(data):
    folder = DataFolder(data)
    folder.make()
    (data / "postgres" / "unfinished").mkdir(parents=True)
    (data / "postgres" / "unfinished" / "PG_VERSION").write_text("18")

    with ensure_cluster(data, durable=False) as cluster:
        psycopg.connect(cluster.url_for("cw_app")).close()


def test_the_port_is_kept_while_free_and_another_is_written_down_when_taken(data):
    with ensure_cluster(data, durable=False) as cluster:
        first = cluster.port
    with ensure_cluster(data, durable=False) as cluster:
        assert cluster.port == first

    with socket.socket() as other_program:
        other_program.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other_program.bind(("127.0.0.1", first))
        other_program.listen()
        with ensure_cluster(data, durable=False) as cluster:
            assert cluster.port != first
            assert DataFolder(data).facts()["port"] == cluster.port
            psycopg.connect(cluster.url_for("cw_app", tcp=True)).close()


def test_stopping_is_clean_though_somebody_is_connected(cluster):
    with psycopg.connect(cluster.url_for("cw_app")) as idle:
        cluster.stop()
        with pytest.raises(psycopg.OperationalError):
            idle.execute("SELECT 1")

    log = "".join(file.read_text() for file in (cluster.server.cluster / "log").iterdir())
    assert "database system is shut down" in log


def _write_pid_file(data, first_line):
    base = DataFolder(data).facts()["folder"]
    file = Path(base) / "cluster" / "postmaster.pid"
    file.write_text(f"{first_line}\n{base}/cluster\n1700000000\n5432\n\n\n\n")
