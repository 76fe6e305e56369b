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

    The outbox has a thread of its own instead of a job, so that nothing that takes long can hold
    up an answer.
    """
    from procrastinate.contrib.django import app, django_connector

    import caseward.jobs.tasks  # noqa: F401  (loading them plans them)
    from caseward.jobs.outbox import delivering

    connector = cast(django_connector.DjangoConnector, app.connector)
    with delivering(), app.replace_connector(connector.get_worker_connector()) as worker:
        worker.run_worker(
            concurrency=arguments.concurrency,
            fetch_job_polling_interval=POLL_SECONDS,
            shutdown_graceful_timeout=SECONDS_TO_FINISH,
            delete_jobs="successful",
        )
