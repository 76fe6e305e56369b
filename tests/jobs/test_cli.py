"""The `caseward` program: helpful, quick to say so, and plain about what went wrong."""

import os
import subprocess
import sys
import time

import psycopg
import pytest

from caseward.jobs import cli, preparing


def caseward(*arguments, **environment):
    hidden = {"DATABASE_URL", "CASEWARD_OWNER_DATABASE_URL"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        [sys.executable, "-m", "caseward.jobs", *arguments],
        env=kept | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_lists_every_command_once_under_what_it_is_for():
    program = cli.build_parser()
    said = program.format_help()

    for name in program.commands.choices:
        assert said.count(f"\n  {name:<10} ") == 1, name
    assert "More" not in said.splitlines()
    assert "Exit codes" in said


def test_every_command_says_what_it_does():
    for name, parser in cli.build_parser().commands.choices.items():
        assert parser.description, name
        assert parser.description.endswith("."), name


def test_help_is_quick_because_it_loads_nothing_heavy():
    script = (
        "import sys; from caseward.jobs import cli; cli.build_parser().format_help();"
        "print(sorted({'django', 'psycopg', 'granian', 'babel'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


def test_help_takes_little_processor_time():
    before = os.times()
    caseward("--help")
    after = os.times()
    used = after.children_user + after.children_system
    assert used - before.children_user - before.children_system < 0.3


def test_a_command_that_does_not_exist_is_wrong_usage():
    assert caseward("nonsense").returncode == 2


def test_a_wrong_setting_is_told_in_one_sentence(tmp_path):
    done = caseward("run", DATA=str(tmp_path), PORT="eighty")

    assert done.returncode == 1
    assert "PORT must be a whole number, got 'eighty'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_told_in_one_sentence(tmp_path):
    url = "postgresql://cw_app:x@127.0.0.1:9/caseward"
    done = caseward("migrate", DATA=str(tmp_path), DATABASE_URL=url)

    assert done.returncode == 1
    assert "caseward: The database did not answer" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.cluster
def test_the_address_it_prints_can_be_used_until_the_server_is_stopped(data):
    url = caseward("database", "url", DATA=str(data)).stdout.strip()
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("cw_app",)
    assert caseward("database", "status", DATA=str(data)).returncode == 0

    assert "has stopped" in caseward("database", "stop", DATA=str(data)).stderr
    assert caseward("database", "status", DATA=str(data)).returncode == 1


@pytest.mark.cluster
def test_a_server_of_ones_own_is_prepared_as_often_as_one_likes(cluster):
    admin = cluster.url_for("postgres", "postgres", tcp=True)
    first = preparing.prepare_server(admin, database="desk", new_passwords=True)
    again = preparing.prepare_server(admin, database="desk")

    with psycopg.connect(first.app_url) as connection:
        assert connection.execute("SELECT current_user, current_database()").fetchone() == (
            "cw_app",
            "desk",
        )
    with psycopg.connect(first.owner_url) as connection:
        connection.execute("CREATE TABLE theirs ()")
    assert preparing.KEPT in again.app_url
    assert any("keeps its password" in note for note in again.notes)


@pytest.mark.cluster
def test_no_password_reaches_the_log_of_the_server(cluster):
    with psycopg.connect(cluster.url_for("postgres"), autocommit=True) as admin:
        admin.execute("ALTER SYSTEM SET log_statement = 'all'")
        admin.execute("SELECT pg_reload_conf()")
    time.sleep(0.2)
    admin_url = cluster.url_for("postgres", "postgres", tcp=True)
    made = preparing.prepare_server(admin_url, database="desk", new_passwords=True)
    password = made.app_url.split(":")[2].split("@")[0]

    log = "".join(file.read_text() for file in (cluster.server.cluster / "log").iterdir())
    assert "ALTER ROLE" in log
    assert password not in log


def test_an_address_that_leads_nowhere_is_told(tmp_path):
    with pytest.raises(preparing.CannotPrepare, match="must name a running server"):
        preparing.prepare_server("postgresql://nobody@127.0.0.1:9/postgres", database="desk")


def test_nothing_asked_for_is_answered_with_the_help():
    said = caseward()

    assert said.returncode == 2
    assert "Usage: caseward COMMAND" in said.stderr


@pytest.mark.parametrize(
    ("command", "hint"), [("migarte", "Did you mean `caseward migrate`?"), ("xyzzy", "--help")]
)
def test_a_command_that_is_not_there_is_answered_with_the_nearest_one(command, hint):
    said = caseward(command)

    assert said.returncode == 2
    assert f"There is no command `{command}`." in said.stderr
    assert hint in said.stderr
    assert len(said.stderr.splitlines()) == 1
