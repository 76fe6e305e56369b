"""`caseward docs check` finds what would mislead a reader, and finds nothing wrong today."""

from pathlib import Path

import pytest

from caseward.jobs.docs import (
    checking,
    command_line,
    dependencies,
    links,
    markdown,
    name_of,
    pages,
    variables,
    worked_numbers,
)


def a_page(tmp_path: Path, text: str, name: str = "page.md") -> Path:
    page = tmp_path / name
    page.write_text(text, encoding="utf-8")
    return page


def test_nothing_is_wrong_with_the_documentation():
    assert list(checking.problems()) == []


def test_a_link_to_a_missing_page_is_found_with_its_line(tmp_path):
    page = a_page(tmp_path, "# A\n\nSee [there](gone.md).\n")

    assert list(links.problems([page])) == [f"{name_of(page)}:3: gone.md does not exist."]


def test_a_link_to_a_missing_heading_is_found(tmp_path):
    other = a_page(tmp_path, "# One heading\n", "other.md")
    page = a_page(tmp_path, "[good](other.md#one-heading) [bad](other.md#two)\n")

    (problem,) = links.problems([page, other])

    assert "other.md#two names a heading that is not there" in problem


def test_links_to_other_sites_and_in_code_are_left_alone(tmp_path):
    page = a_page(
        tmp_path,
        "[site](https://example.org/x) `[code](gone.md)`\n\n```text\n[block](gone.md)\n```\n",
    )

    assert list(links.problems([page])) == []


def test_a_wrong_worked_number_is_found(tmp_path):
    page = a_page(tmp_path, "```pycon\n>>> two = 1 + 1\n```\n\n```pycon\n>>> two\n3\n```\n")

    (problem,) = worked_numbers.problems([page])

    assert f"{name_of(page)}:6" in problem
    assert "Expected:\n    3\nGot:\n    2" in problem


def test_names_of_one_code_block_are_known_in_the_next(tmp_path):
    page = a_page(tmp_path, "```pycon\n>>> two = 1 + 1\n```\n\n```pycon\n>>> two\n2\n```\n")

    assert list(worked_numbers.problems([page])) == []


def test_a_setting_nobody_explains_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(variables, "PAGE", a_page(tmp_path, "| `PORT` | `8000` | A port. |\n"))

    found = set(variables.problems())

    assert "docs/reference/settings.md does not explain SMTP_PORT." in found
    assert not any(" PORT" in problem for problem in found)


def test_a_wrong_default_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(variables, "PAGE", a_page(tmp_path, "| `PORT` | `80` | A port. |\n"))

    says = "docs/reference/settings.md says PORT defaults to `80`; the code says 8000."
    assert says in set(variables.problems())


def test_a_setting_nothing_reads_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(variables, "PAGE", a_page(tmp_path, "| `CASEWARD_GONE` | | Old. |\n"))

    says = "docs/reference/settings.md explains CASEWARD_GONE, which nothing reads."
    assert says in set(variables.problems())


def test_a_dependency_without_a_reason_is_found(tmp_path, monkeypatch):
    monkeypatch.setattr(dependencies, "PAGE", a_page(tmp_path, "| `django` | Pages. |\n"))

    found = list(dependencies.problems())

    assert any("does not say why we need psycopg" in problem for problem in found)
    assert not any("need django." in problem for problem in found)


@pytest.mark.parametrize("command", ["run", "plan", "apply", "ledger verify", "docs check"])
def test_commands_are_in_the_reference(command):
    assert f"`caseward {command}`" in command_line.page()


def test_every_page_begins_with_a_title():
    titles = {name_of(page): next(markdown.prose(page.read_text()))[1] for page in pages()}

    assert [name for name, title in titles.items() if not title.startswith("# ")] == []


def test_every_page_can_be_reached_from_the_readme():
    known = {pages()[0]}
    waiting = list(known)
    while waiting:
        page = waiting.pop()
        reached = {
            (page.parent / target.partition("#")[0]).resolve()
            for _line, target in markdown.links(page.read_text())
            if ".md" in target and "://" not in target
        }
        waiting += reached - known
        known |= reached

    assert [name_of(page) for page in pages() if page not in known] == []
