"""The page about roles says what the code and PostgreSQL do."""

import pytest
from django.db import connection

from caseward.casework import access
from caseward.casework.models import Case
from caseward.jobs.docs import DOCS, markdown
from caseward.metrics.access import FiguresNotVisible, reach_of
from caseward.org.models import StaffMember
from tests.builders import a_staff_member

PAGE = DOCS / "reference" / "roles.md"
EVERY_LINE = "every line"
ANY = "any they see"
CLOSED = """
    SELECT c.relname FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
        AND split_part(c.relname, '_', 1) IN ('api', 'automation', 'casework', 'channels',
            'ledger', 'metrics', 'org', 'policy', 'quality', 'routing', 'sla')
        AND NOT has_table_privilege('cw_vendor', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
        AND NOT has_any_column_privilege('cw_vendor', c.oid, 'SELECT, INSERT, UPDATE')
"""


def told() -> list[list[str]]:
    return [[cell.strip("`") for cell in row] for row in markdown.rows(PAGE.read_text())]


def roles() -> dict[str, list[str]]:
    return {row[0]: row[1:] for row in told() if row[0].isupper()}


def test_every_role_is_on_the_page():
    assert set(roles()) == set(StaffMember.Role.values)


def test_who_sees_every_line_of_business_is_as_in_the_code():
    says = {role for role, (sees, *_rest) in roles().items() if sees == EVERY_LINE}

    assert says == access.SEES_EVERY_LOB


def test_who_may_act_on_which_cases_is_as_in_the_code():
    says = {role: acts for role, (_sees, acts, _figures) in roles().items()}

    assert {role: acts_on(role) for role in StaffMember.Role.values} == says


def acts_on(role: str) -> str:
    """Say what `access` lets somebody do: to cases of a colleague, and to free ones of a tier."""
    staff = StaffMember(pk=1, role=role, vendor_id=1 if role == "AGENT" else None)
    if access.may_change(Case(tier=3 - staff.tier, assignee_id=2), staff):
        return ANY
    (tier,) = (tier for tier in (1, 2) if access.may_change(Case(tier=tier), staff))
    return f"tier {tier}, free or theirs"


@pytest.mark.django_db
def test_who_sees_figures_is_as_in_the_code():
    says = {role for role, (*_rest, figures) in roles().items() if figures == "yes"}

    assert {role for role in StaffMember.Role.values if sees_figures(role)} == says


def sees_figures(role: str) -> bool:
    try:
        reach_of(a_staff_member(role=role))
    except FiguresNotVisible:
        return False
    return True


@pytest.mark.django_db
def test_tables_closed_to_vendors_are_as_in_postgresql():
    with connection.cursor() as cursor:
        cursor.execute(CLOSED)
        closed = {name for (name,) in cursor.fetchall()}

    assert {row[0] for row in told() if "_" in row[0] and row[0].islower()} == closed
