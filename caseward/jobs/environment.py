"""What a process needs before Django is set up: a database that runs, its addresses, the key."""

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

from caseward.jobs.commands import CommandFailed
from caseward.jobs.embedded import folder

if TYPE_CHECKING:
    from caseward.jobs.embedded.cluster import Cluster


@contextmanager
def installation(*, keep_running: bool = False) -> Iterator["Cluster | None"]:
    """Give this process (and its children) the addresses and the key settings read.

    `DATABASE_URL` names a server of your own, and then nothing is yielded. Without it the embedded
    cluster of the data folder is started, and stopped again by whoever leaves last, unless it is
    to keep running.
    """
    data = folder.DataFolder(folder.chosen_data_folder())
    os.environ["DATA"] = str(data.root)
    if os.environ.get("DATABASE_URL"):
        data.make()
        _set_key(data)
        yield None
        return
    with _embedded(data, keep_running=keep_running) as cluster:
        _set_key(data)
        yield cluster


@contextmanager
def _embedded(data: folder.DataFolder, *, keep_running: bool) -> Iterator["Cluster"]:
    from caseward.jobs.embedded import ensure_cluster

    cluster = ensure_cluster(data.root)
    try:
        os.environ["DATABASE_URL"] = cluster.url_for("cw_app")
        os.environ["CASEWARD_OWNER_DATABASE_URL"] = cluster.url_for("cw_owner")
        yield cluster
    finally:
        cluster.leave(keep_running=keep_running)


def set_up_django() -> None:
    """Load the settings and the models.

    Raises:
        CommandFailed: a setting has a value it cannot have.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caseward.settings")
    check_settings()
    import django

    django.setup()


def check_settings() -> None:
    """Read the settings once, so that a wrong one is told in a sentence."""
    try:
        importlib.import_module("caseward.settings")
    except ValueError as problem:
        raise CommandFailed(f"A setting in the environment is wrong: {problem}.") from problem


def has(module: str) -> bool:
    """Say whether a module is there."""
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def _set_key(data: folder.DataFolder) -> None:
    if not os.environ.get("CASEWARD_SECRET_KEY"):
        with data.alone():
            os.environ["CASEWARD_SECRET_KEY"] = data.secrets()["django"]
