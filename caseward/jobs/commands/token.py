"""`caseward token STAFF`: a token with which a program acts as that staff member."""

from typing import TYPE_CHECKING

from caseward.jobs.commands import Arguments, CommandFailed, Subparsers

if TYPE_CHECKING:
    from caseward.org.models import StaffMember


def add_parser(subparsers: Subparsers) -> None:
    """Add the command about tokens."""
    parser = subparsers.add_parser(
        "token", description="Give a program a token with which it acts as a staff member."
    )
    parser.add_argument("staff", metavar="STAFF", help="the name somebody signs in with")
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--revoke", action="store_true", help="revoke every token they have")
    choice.add_argument("--list", action="store_true", help="list the tokens they have")
    parser.set_defaults(call=manage_tokens)


def manage_tokens(arguments: Arguments) -> None:
    """Print a new token once, or list or revoke those there are."""
    from django.utils import timezone

    from caseward.api import services
    from caseward.org.acting import Actor, acting

    with acting(Actor.system("token")):
        staff = _staff(arguments.staff)
        if arguments.revoke:
            print(f"Revoked {services.revoke_tokens(staff, now=timezone.now())} of {staff.name}.")
        elif arguments.list:
            _list(staff)
        else:
            print(services.give_token(staff, now=timezone.now()))


def _staff(key: str) -> "StaffMember":
    from caseward.org.models import StaffMember

    staff = StaffMember.objects.filter(key__iexact=key, is_active=True).first()
    if staff is None:
        raise CommandFailed(f"Nobody signs in as {key!r}; `caseward export` lists the staff.")
    return staff


def _list(staff: "StaffMember") -> None:
    from caseward.api.services import valid_tokens

    for token in valid_tokens(staff):
        used = f"last used {token.last_used_at:%Y-%m-%d %H:%M}" if token.last_used_at else "unused"
        print(f"{token}  given {token.created_at:%Y-%m-%d %H:%M} UTC, {used}")
