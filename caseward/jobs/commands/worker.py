"""`caseward worker`: background work, due and scheduled."""

from typing import cast

from caseward.jobs.commands import Arguments, Subparsers

CONCURRENCY = 4
POLL_SECONDS = 2.0
SECONDS_TO_FINISH = 1.0


def add_parser(subparsers: Subparsers) -> None:
    """Add the command that does background work."""
    parser = subparsers.add_parser("worker", description="Do what is due: send, sweep, count.")
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help="jobs at once")
    parser.set_defaults(call=work)


def work(arguments: Arguments) -> None:
    """Work until told to stop, then finish the jobs in hand.

    The outbox, and offering cases at once, have threads of their own instead of jobs, so that
    nothing that takes long can hold up an answer or keep somebody waiting for a case.
    """
    from procrastinate.contrib.django import app, django_connector

    import caseward.jobs.tasks  # noqa: F401  (loading them plans them)
    from caseward.jobs.offers import offering_at_once
    from caseward.jobs.outbox import delivering

    connector = cast(django_connector.DjangoConnector, app.connector)
    own = connector.get_worker_connector()
    with delivering(), offering_at_once(), app.replace_connector(own) as worker:
        worker.run_worker(
            concurrency=arguments.concurrency,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=SECONDS_TO_FINISH,
            delete_jobs="successful",
        )
