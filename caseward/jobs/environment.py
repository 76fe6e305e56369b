"""What a process needs before Django is set up: a database that runs, its addresses, the key."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from caseward.jobs.embedded import folder


@contextmanager
def installation(*, keep_running: bool = False) -> Iterator[None]:
    """Give this process (and its children) the addresses and the key settings read.

    `DATABASE_URL` names a server of your own. Without it the embedded cluster of the data folder
    is started, and stopped again by whoever leaves last, unless it is to keep running.
    """
    data = folder.DataFolder(folder.chosen_data_folder())
    os.environ["DATA"] = str(data.root)
    if os.environ.get("DATABASE_URL"):
        data.make()
        _set_key(data)
        yield
        return
    from caseward.jobs.embedded import ensure_cluster

    cluster = ensure_cluster(data.root)
    try:
        os.environ["DATABASE_URL"] = cluster.url_for("cw_app")
        os.environ["CASEWARD_OWNER_DATABASE_URL"] = cluster.url_for("cw_owner")
        _set_key(data)
        yield
    finally:
        cluster.leave(keep_running=keep_running)


def set_up_django() -> None:
    """Load the settings and the models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caseward.settings")
    import django

    django.setup()


def _set_key(data: folder.DataFolder) -> None:
    if not os.environ.get("CASEWARD_SECRET_KEY"):
        with data.alone():
            os.environ["CASEWARD_SECRET_KEY"] = data.secrets()["django"]
