"""Filling an empty installation with the demo, and starting it afresh."""

import shutil
import sys
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import connections
from django.utils import timezone

from caseward.casework.models import Case
from caseward.jobs.demo import content, marking, people, scenes
from caseward.jobs.demo.history import Plan, write_history
from caseward.jobs.demo.progress import Progress
from caseward.jobs.models import DemoMark
from caseward.jobs.operation.applying import apply
from caseward.jobs.operation.parts import Operation as Whole
from caseward.jobs.operation.reading import read_operation
from caseward.metrics import services as metrics
from caseward.org.acting import Actor, acting
from caseward.org.models import Operation

OPERATION = settings.BASE_DIR / "operations" / "demo"
KEPT_TABLES = ("django_migrations", "django_content_type", "org_revision", "jobs_heartbeat")


def fill_if_empty(progress: Progress | None = None) -> bool:
    """Fill the installation if nothing is in it yet; say whether that was so.

    An installation somebody else began is left alone; so is a database we were not given.
    """
    if not _is_untouched():
        return False
    try:
        fill(Plan(now=this_hour()), progress=progress)
    except marking.NotOurs as why:
        print(why, file=sys.stderr)
        return False
    return True


def fill(plan: Plan, *, progress: Progress | None = None) -> None:
    """Apply the demo operation and write its history.

    Raises:
        marking.NotOurs: there is work of others in the database, or it is not the demo's to fill.
    """
    marking.refuse_unless_empty()
    mark = marking.set_file_mark()
    shown = progress or Progress("Filling the demo", plan.cases)
    shown.begin("Preparing the demo: its people, promises and texts")
    operation = read_operation(OPERATION)
    apply(as_it_was(operation), now=plan.now)
    people.give_passwords()
    content.write(now=plan.now)
    shown.start()
    write_history(plan, on_case=shown.advance, at_the_end=lambda: _sign(plan, mark))
    shown.finish()
    apply(operation, now=plan.now)
    shown.begin("Letting its people say who is on, and what they asked and decided lately")
    scenes.play(now=plan.now, seed=plan.seed)
    shown.begin("Adding up the figures of these cases")
    with acting(Actor.system("demo")):
        metrics.rebuild(now=plan.now)


def as_it_was(operation: Whole) -> Whole:
    """Return the demo operation as its history knew it.

    Some promises are new today, and so are that a queue offers its cases, and playbooks.
    """
    before = [
        replace(one, next_response=None, escalation_pickup=None, tier_2_decision=None)
        for one in operation.promises
    ]
    more = {**operation.more, "queues": (), "playbooks": ()}
    return replace(operation, promises=tuple(before), more=more)


def reset(plan: Plan) -> None:
    """Throw away everything in an installation the demo made, and fill it again.

    Raises:
        marking.NotOurs: the demo did not make it; nothing was changed.
    """
    marking.refuse_elsewhere()
    empty()
    fill(plan)


def empty() -> None:
    """Empty every table but those the program itself stands on, and the attachments."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(format('%%I', tablename), ', ') FROM pg_tables"
            " WHERE schemaname = 'public' AND tablename <> ALL (%s)"
            " AND tablename NOT LIKE 'procrastinate\\_%%'",
            [list(KEPT_TABLES)],
        )
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")
        cursor.execute("INSERT INTO metrics_freshness (id, last_event_id) VALUES (1, 0)")
    shutil.rmtree(settings.ATTACHMENTS, ignore_errors=True)
    settings.ATTACHMENTS.mkdir(mode=0o700, parents=True, exist_ok=True)


def this_hour() -> datetime:
    """Return the full hour that lies behind us: where the history ends."""
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def _is_untouched() -> bool:
    """Say whether nothing is there, or only what a filling cut short left behind."""
    if marking.row_mark() is not None or Case.objects.using("owner").exists():
        return False
    return marking.read_file_mark() is not None or not Operation.objects.using("owner").exists()


def _sign(plan: Plan, mark: UUID) -> None:
    Operation.objects.using("owner").update(is_demo=True)
    DemoMark.objects.using("owner").create(
        id=1, installation=mark, seed=plan.seed, cases=plan.cases, ends_at=plan.now
    )
