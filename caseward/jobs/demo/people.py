"""Signing in to the demo: one password for everybody, and a table of whom to try.

`sign_in_table` needs no database, so that it can be printed by whoever starts things.
"""

from typing import NamedTuple

from caseward.jobs.demo import marking

PASSWORD = "caseward-demo"  # noqa: S105 - well known on purpose, and only for the demo


class SignIn(NamedTuple):
    role: str
    who: str
    key: str
    opens: str


HEADING = SignIn("Role", "Who", "Sign-in name", "What they open first")
PEOPLE = (
    SignIn("Tier-1 agent", "Aarav Khanna, Northstar", "aarav-khanna", "the desk: next case"),
    SignIn("Tier-1 agent", "Ng Kah Seng, Melati", "ng-kah-seng", "the desk: next case"),
    SignIn("Tier-2 specialist", "Nandini Iyer", "nandini-iyer", "the desk: escalations"),
    SignIn("Team leader", "Rohan Malhotra", "rohan-malhotra", "the team's queues and figures"),
    SignIn("LOB delivery lead", "Priyanka Bhalla", "priyanka-bhalla", "Account Security's figures"),
    SignIn("Regional lead", "Ananya Deshpande", "ananya-deshpande", "the lead's page"),
    SignIn("Global head", "Katharina Voss", "katharina-voss", "the lead's page"),
    SignIn("Vendor manager", "Vikram Sethi", "vikram-sethi", "the vendors side by side"),
)


def sign_in_table() -> list[SignIn]:
    """Return whom to sign in as, under a heading; nothing where this is no demo."""
    if marking.read_file_mark() is None:
        return []
    password = SignIn("Everybody's password", "", PASSWORD, "")
    return [HEADING, *PEOPLE, password]


def give_passwords() -> int:
    """Give everybody the demo's password, hashed once; return how many people that are."""
    from django.contrib.auth.hashers import make_password

    from caseward.org.models import StaffMember

    return StaffMember.objects.using("owner").update(password=make_password(PASSWORD))
