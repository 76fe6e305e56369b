"""`caseward worker`: background work, due and scheduled."""

from typing import cast

from caseward.jobs.commands import Arguments, Subparsers

CONCURRENCY = 4
SECONDS_TO_FINISH = 1.0


def add_parser(subparsers: Subparsers) -> None:
    """Add the command that does background work."""
    parser = subparsers.add_parser("worker", description="Do what is due: send, sweep, count.")
    parser.add_argument("--concurrency", type=int, default=CONCURRENCY, help="jobs at once")
    parser.set_defaults(call=work)


def work(arguments: Arguments) -> None:
    """Work until told to stop, then finish the jobs in hand."""
    from procrastinate.contrib.django import app, django_connector

    connector = cast(django_connector.DjangoConnector, app.connector)
    with app.replace_connector(connector.get_worker_connector()) as worker:
        worker.run_worker(
            concurrency=arguments.concurrency,
            shutdown_graceful_timeout=SECONDS_TO_FINISH,
        )
