"""`caseward web`: the pages, under granian."""

from caseward.jobs.commands import Arguments, Subparsers

WORKERS = 2
THREADS = 4
SECONDS_TO_FINISH = 2


def add_parser(subparsers: Subparsers) -> None:
    """Add the command that serves pages."""
    parser = subparsers.add_parser("web", description="Serve the pages on 127.0.0.1:PORT.")
    parser.add_argument("--workers", type=int, default=WORKERS, help=f"default: {WORKERS}")
    parser.set_defaults(call=serve, bare=True)


def serve(arguments: Arguments) -> None:
    """Serve until told to stop; workers load Django, this process does not."""
    from granian.constants import Interfaces
    from granian.server import Server

    from caseward.jobs.environment import check_settings, installation
    from caseward.jobs.running import translations

    with installation():
        check_settings()
        translations.see_to_them()
        from caseward import settings

        Server(
            "caseward.wsgi:application",
            address="127.0.0.1",
            port=settings.PORT,
            interface=Interfaces.WSGI,
            workers=arguments.workers,
            blocking_threads=THREADS,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=SECONDS_TO_FINISH,
        ).serve()
