"""The database of a test run, named before Django reads its settings: `pytest -p tests.database`.

Without DATABASE_URL an embedded cluster is started; each worker gets a database of its own on it.
With DATABASE_URL and CASEWARD_OWNER_DATABASE_URL the tests use, and empty, the one named there;
workers use those named like it with their own name behind, such as `tests_gw0`.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest

from caseward.jobs.embedded import Cluster, ensure_cluster
from tests.templates import copy_template, keep_template

EMBEDDED = (
    "CASEWARD_TEST_EMBEDDED"  # inherited by workers: the address in DATABASE_URL is not theirs
)
MIGRATED = "CASEWARD_TEST_MIGRATED"  # the database is a copy of one with every migration


def start() -> tuple[Cluster, str] | None:
    os.environ["CASEWARD_DATABASE_POOLED"] = "0"
    os.environ.setdefault("CASEWARD_SECRET_KEY", "only for tests " * 4)
    os.environ["DATA"] = tempfile.mkdtemp(prefix="caseward-tests-")
    Path(os.environ["DATA"], "static").mkdir()  # pages warn where it is missing
    if os.environ.get("DATABASE_URL") and EMBEDDED not in os.environ:
        _use_own_of_worker()
        return None
    shared = Path(tempfile.gettempdir()) / f"caseward-tests-{os.getuid()}"
    cluster = ensure_cluster(shared, durable=False)
    database = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
    if copy_template(cluster, database):
        os.environ[MIGRATED] = "1"
    else:
        os.environ.pop(MIGRATED, None)  # a worker may have inherited it
        cluster.create_database(database)
    os.environ[EMBEDDED] = "1"
    os.environ["DATABASE_URL"] = cluster.url_for("cw_app", database)
    os.environ["CASEWARD_OWNER_DATABASE_URL"] = cluster.url_for("cw_owner", database)
    return cluster, database


def _use_own_of_worker() -> None:
    if worker := os.environ.get("PYTEST_XDIST_WORKER"):
        for name in ("DATABASE_URL", "CASEWARD_OWNER_DATABASE_URL"):
            os.environ[name] += f"_{worker}"


STARTED = start()


def is_migrated() -> bool:
    return bool(STARTED) and MIGRATED in os.environ


def keep_migrated() -> None:
    """Keep what was migrated just now for the next run."""
    if STARTED:
        keep_template(*STARTED)


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(os.environ["DATA"], ignore_errors=True)
    if STARTED:
        cluster, database = STARTED
        cluster.drop_database(database)
        cluster.leave()
