"""Migrations, run as the owner of the tables; the program's own login may not change them."""

from django.core.management import call_command
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from caseward.org.acting import Actor, acting
from caseward.policy.legal.loading import load as load_legal_presets


def migrate_as_owner(*, quiet: bool = False) -> None:
    """Apply every migration that has not been applied; take in the laws that came along."""
    call_command("migrate", database="owner", interactive=False, verbosity=0 if quiet else 1)
    with acting(Actor.system("law")):
        load_legal_presets(now=timezone.now())


def is_up_to_date() -> bool:
    """Say whether there is nothing to apply: a tenth of the time `migrate` takes to find out."""
    executor = MigrationExecutor(connections["owner"])
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())
