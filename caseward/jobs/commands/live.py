"""`caseward live`: tells open pages what changed, under granian."""

from caseward.jobs.commands import Arguments, Subparsers

SECONDS_TO_FINISH = 2


def add_parser(subparsers: Subparsers) -> None:
    """Add the command that serves live events."""
    parser = subparsers.add_parser(
        "live", description="Tell open pages what changed, on 127.0.0.1:CASEWARD_LIVE_PORT."
    )
    parser.add_argument("--workers", type=int, default=1, help="processes (default: 1)")
    parser.set_defaults(call=serve, bare=True)


def serve(arguments: Arguments) -> None:
    """Serve until told to stop."""
    from granian.constants import Interfaces
    from granian.server import Server

    from caseward.jobs.environment import check_settings, installation

    with installation():
        check_settings()
        from caseward import settings

        Server(
            "caseward.asgi:application",
            address="127.0.0.1",
            port=settings.LIVE_PORT,
            interface=Interfaces.ASGI,
            workers=arguments.workers,
            respawn_failed_workers=True,
            respawn_interval=0.5,
            workers_kill_timeout=SECONDS_TO_FINISH,
        ).serve()
