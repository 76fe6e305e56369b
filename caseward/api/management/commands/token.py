"""What `caseward token` does, kept beside the tokens."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from caseward.api import services
from caseward.org.acting import Actor, acting
from caseward.org.models import StaffMember


class Command(BaseCommand):
    """Print a new token once, or list or revoke those there are."""

    help = "Give a program a token with which it acts as a staff member."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("staff")
        parser.add_argument("--revoke", action="store_true")
        parser.add_argument("--list", action="store_true")

    def handle(self, *, staff: str, revoke: bool, list: bool, **_options: Any) -> None:
        with acting(Actor.system("token")):
            owner = _staff(staff)
            if revoke:
                self._revoke(owner)
            elif list:
                self._list(owner)
            else:
                self._give(owner)

    def _give(self, owner: StaffMember) -> None:
        if not owner.is_active:
            raise CommandError(f"{owner.name} may not sign in any more, so no token is given.")
        self.stdout.write(services.give_token(owner, now=timezone.now()))

    def _revoke(self, owner: StaffMember) -> None:
        count = services.revoke_tokens(owner, now=timezone.now())
        self.stdout.write(f"Revoked {count} of {owner.name}.")

    def _list(self, owner: StaffMember) -> None:
        for token in services.valid_tokens(owner):
            used = "unused"
            if token.last_used_at:
                used = f"last used {token.last_used_at:%Y-%m-%d %H:%M}"
            self.stdout.write(f"{token}  given {token.created_at:%Y-%m-%d %H:%M} UTC, {used}")


def _staff(key: str) -> StaffMember:
    staff = StaffMember.objects.filter(key__iexact=key).first()
    if staff is None:
        raise CommandError(f"Nobody signs in as {key!r}; `caseward export` lists the staff.")
    return staff
