"""Who acts, on connections whose transactions really commit."""

import pytest
from django.db import ProgrammingError, connection, transaction

from caseward.casework.models import Case
from caseward.org.acting import Actor, NobodyActs, acting, current_actor
from tests.builders import a_case

TABLES = ["casework_case", "casework_message", "ledger_event", "casework_partycontact"]


@pytest.mark.parametrize("table", TABLES)
def test_when_nobody_acts_nothing_is_shown(committed_db, table):
    with acting(Actor.system("tests")):
        a_case()

    refused = pytest.raises(ProgrammingError, match="permission denied")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")
    with pytest.raises(NobodyActs):
        current_actor()


def test_a_connection_that_was_somebodys_is_nobodys_afterwards(committed_db):
    with acting(Actor.system("tests")):
        a_case()
    with pytest.raises(ZeroDivisionError), acting(Actor.system("tests")):
        raise ZeroDivisionError

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user, current_setting('app.vendor', true)")
        user, vendor = cursor.fetchone()
    assert (user, vendor or "") == ("cw_app", "")
    with pytest.raises(ProgrammingError, match="permission denied"):
        Case.objects.count()
