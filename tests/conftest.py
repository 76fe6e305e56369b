"""One real PostgreSQL for the whole run; every test acts as Caseward itself until it says else."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

# A busy machine makes examples slow; that says nothing about the property.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Migrate as the owner; the tests themselves sign in as the role the program uses."""
    from django.core.management import call_command
    from django.db import connections

    from tests.database import is_migrated, keep_migrated

    if not is_migrated():
        with django_db_blocker.unblock():
            call_command("migrate", database="owner", verbosity=0)
            connections.close_all()
        keep_migrated()
    yield
    with django_db_blocker.unblock():
        connections.close_all()


LONG = ("tests/jobs/", "tests/bench/")  # they start clusters and whole installations


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what takes long begin first, so that no core waits for the other at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.fixture(autouse=True)
def somebody_acts(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let a test with a database act as Caseward itself; it changes that with `acting`."""
    uses_database = "db" in request.fixturenames or request.node.get_closest_marker("django_db")
    if not uses_database or "committed_db" in request.fixturenames:
        yield
        return
    request.getfixturevalue("db")
    from caseward.org.acting import Actor, acting

    with acting(Actor.system("tests")):
        yield


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database whose transactions really commit, emptied afterwards: for several connections."""
    from django.db import connections

    with django_db_blocker.unblock():
        try:
            yield
        finally:
            _empty()
            connections.close_all()


def _empty() -> None:
    from django.db import connections

    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%I', tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename NOT IN ('django_migrations',"
            " 'django_content_type', 'org_revision')"
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")
        cursor.execute("INSERT INTO metrics_freshness (id, last_event_id) VALUES (1, 0)")
        cursor.execute("UPDATE org_revision SET number = nextval('org_revision_numbers')")
