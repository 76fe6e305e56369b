"""What PostgreSQL lets each role do, table by table: a new table nobody guarded fails here."""

import pytest
from django.db import connection, transaction

from caseward.casework.models import Case
from caseward.org.acting import Actor, acting, current_actor
from tests.builders import a_case, a_vendor, an_agent

pytestmark = pytest.mark.django_db

# Configuration and machinery: nobody's personal data, so a vendor's staff may read all of it.
OPEN_TO_VENDORS = {
    "casework_expert",
    "channels_form",
    "channels_mailbox",
    "django_content_type",
    "org_lineofbusiness",
    "org_operation",
    "org_region",
    "org_revision",
    "org_site",
    "org_skill",
    "org_team",
    "org_vendor",
    "org_vendorshare",
    "policy_crisisresource",
    "policy_disposition",
    "policy_escalationtemplate",
    "policy_macro",
    "policy_playbook",
    "policy_reason",
    "routing_capacity",
    "routing_holdback",
    "routing_queue",
    "routing_weight",
    "sla_promise",
}
# A signed-in request ends its own session; which one that is only its secret key tells.
SESSIONS = "django_session"

# What the program may do before it has said who acts: sign people in, look up tokens, queue work.
BEFORE_ANYBODY_ACTS = {
    "api_token": {"SELECT"},
    "django_content_type": {"SELECT"},
    "django_migrations": {"SELECT"},
    "django_session": {"SELECT", "INSERT", "UPDATE", "DELETE"},
    "jobs_heartbeat": {"SELECT", "INSERT", "UPDATE"},
    "org_lineofbusiness": {"SELECT"},
    "org_operation": {"SELECT"},
    "org_revision": {"SELECT"},
    "org_staffmember": {"SELECT"},
    "org_vendor": {"SELECT"},
}
SINGLE_COLUMNS = {
    "api_token": {"last_used_at", "minute", "calls"},
    "org_staffmember": {"last_login", "password"},
}
GRANTS = """
    SELECT c.relname, c.relrowsecurity, array_agg(DISTINCT a.privilege_type)
    FROM pg_class c, aclexplode(c.relacl) a
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
        AND a.grantee = {grantee} GROUP BY 1, 2
"""


def rows(sql, values=None):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def granted_to(role):
    found = rows(GRANTS.format(grantee=f"'{role}'::regrole" if role else "0"))
    return {table: (is_guarded, set(rights)) for table, is_guarded, rights in found}


@pytest.mark.parametrize("role", ["cw_vendor", "cw_requester"])
def test_every_table_open_to_outsiders_is_guarded_row_by_row_or_known_to_hold_no_person(role):
    unguarded = {table for table, (is_guarded, _) in granted_to(role).items() if not is_guarded}

    assert unguarded - OPEN_TO_VENDORS <= {SESSIONS}


def test_unguarded_tables_are_only_read_by_a_vendors_staff():
    writable = {
        table
        for table, (is_guarded, rights) in granted_to("cw_vendor").items()
        if not is_guarded and rights != {"SELECT"}
    }

    assert writable == {SESSIONS}


def test_a_requester_only_reads():
    assert all(rights == {"SELECT"} for _, rights in granted_to("cw_requester").values())


def test_nobody_is_given_anything_by_being_anybody():
    assert granted_to("") == {}


def test_the_program_may_do_little_before_it_says_who_acts():
    found = {table: rights for table, (_, rights) in granted_to("cw_app").items()}
    queue = {table: found.pop(table) for table in list(found) if table.startswith("procrastinate")}

    assert found == BEFORE_ANYBODY_ACTS
    assert all(rights <= {"SELECT", "INSERT", "UPDATE", "DELETE"} for rights in queue.values())


def test_single_columns_it_may_change_are_these():
    found = rows(
        "SELECT a.attrelid::regclass::text, array_agg(a.attname::text)"
        " FROM pg_attribute a, aclexplode(a.attacl) acl"
        " WHERE acl.grantee = 'cw_app'::regrole AND acl.privilege_type = 'UPDATE' GROUP BY 1"
    )

    assert {table: set(columns) for table, columns in found} == SINGLE_COLUMNS


def test_no_role_of_the_program_can_pass_row_level_security_by():
    found = rows(
        "SELECT rolname FROM pg_roles WHERE rolname LIKE 'cw\\_%'"
        " AND (rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication)"
    )
    owned = rows(
        "SELECT tablename FROM pg_tables WHERE tableowner LIKE 'cw%' AND tableowner <> 'cw_owner'"
    )

    assert (found, owned) == ([], [])


def test_the_program_inherits_nothing_and_must_say_who_it_is():
    found = rows(
        "SELECT g.rolname, m.inherit_option, m.set_option, m.admin_option"
        " FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles r ON r.oid = m.member WHERE r.rolname = 'cw_app' ORDER BY 1"
    )

    groups = ["cw_requester", "cw_staff", "cw_system", "cw_vendor"]
    assert found == [(group, False, True, False) for group in groups]


def test_caseward_itself_may_do_what_staff_may_and_staff_cannot_become_it():
    found = rows(
        "SELECT r.rolname, g.rolname, m.inherit_option, m.set_option, m.admin_option"
        " FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid"
        " JOIN pg_roles r ON r.oid = m.member"
        " WHERE r.rolname LIKE 'cw\\_%' AND r.rolname <> 'cw_app'"
    )

    assert found == [("cw_system", "cw_staff", True, False, False)]


def test_functions_with_the_owners_rights_are_these_and_cannot_be_led_astray():
    found = rows(
        "SELECT proname, array_to_string(proconfig, ',') FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace ORDER BY 1"
    )

    assert [name for name, _ in found] == [
        "casework_keep_past_reason",
        "casework_nobody_rests_with_new_work",
        "casework_who_had_a_part",
        "casework_who_knows",
        "ledger_event_chain",
        "ledger_record_many",
        "org_revision_move",
    ]
    assert all("search_path=pg_catalog, public" in setting for _, setting in found)


def test_every_policy_of_an_outsider_reads_a_setting_or_the_case():
    found = rows(
        "SELECT tablename, policyname, coalesce(qual, '') || coalesce(with_check, '')"
        " FROM pg_policies WHERE roles && ARRAY['cw_vendor', 'cw_requester']::name[]"
    )

    assert found
    for table, name, text in found:
        guarded_by = ("current_setting", "casework_", "org_staffmember", "in_house_only")
        assert any(each in text for each in guarded_by), (table, name)
        assert " OR " not in text, (table, name)


def test_who_acts_is_undone_with_the_block_and_nests():
    ours, theirs = an_agent(), an_agent(vendor=a_vendor("melati"))
    a_case(vendor=ours.vendor)

    with acting(Actor.staff(ours)) as actor:
        assert current_actor() == actor
        assert Case.objects.count() == 1
        with acting(Actor.staff(theirs)):
            assert Case.objects.count() == 0
        assert Case.objects.count() == 1
        with pytest.raises(ZeroDivisionError), acting(Actor.staff(theirs)):
            raise ZeroDivisionError
        assert Case.objects.count() == 1


def test_a_vendors_role_without_a_vendor_sees_nothing():
    a_case()

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('role', 'cw_vendor', true)")
        assert Case.objects.count() == 0
        cursor.execute("SELECT set_config('role', 'cw_staff', true)")
