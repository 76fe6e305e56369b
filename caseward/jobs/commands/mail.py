"""`caseward mail`: takes in e-mail."""

from typing import TYPE_CHECKING

from caseward.jobs.commands import Arguments, CommandFailed, Subparsers

if TYPE_CHECKING:
    from caseward.channels.email.listening import Doors


def add_parser(subparsers: Subparsers) -> None:
    """Add the command that listens for mail."""
    parser = subparsers.add_parser("mail", description="Take in e-mail on SMTP_PORT.")
    parser.set_defaults(call=listen)


def listen(_arguments: Arguments) -> None:
    """Listen until told to stop, then finish the mails in hand.

    Raises:
        CommandFailed: the port cannot be listened on, or the certificate cannot be read.
    """
    import asyncio

    try:
        asyncio.run(_listen())
    except OSError as problem:
        raise CommandFailed(f"Mail cannot be taken in: {problem}.") from problem


async def _listen() -> None:
    import asyncio
    import signal

    from django.conf import settings
    from django.utils import timezone

    from caseward.channels.email.listening import listening
    from caseward.jobs.health.beating import beating
    from caseward.jobs.intake import Intake

    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    intake = Intake()
    with intake.working(), beating("mail"):
        async with listening(
            _doors(), settings.DATABASE_URL, clock=timezone.now, stored=intake.wake
        ):
            await told_to_stop.wait()


def _doors() -> "Doors":
    from django.conf import settings

    from caseward.channels.email.listening import Doors

    return Doors(
        host=settings.SMTP_HOST,
        port=settings.SMTP_PORT,
        name=settings.MAIL_DOMAIN,
        most_bytes=settings.MAIL_SIZE_LIMIT,
        most_recipients=settings.MAIL_RECIPIENT_LIMIT,
        most_connections=settings.MAIL_CONNECTION_LIMIT,
        lmtp=settings.LMTP,
        certificate=settings.SMTP_CERTIFICATE,
        key=settings.SMTP_KEY,
    )
