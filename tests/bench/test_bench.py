"""`python -m bench --quick` runs every measurement once, on a cluster of its own."""

import os
import subprocess
import sys

import pytest

from caseward.settings import BASE_DIR

MEASURED = ("e-mail", "Next case", "Queries of a list page", "List of 50 cases", "Memory")


@pytest.mark.cluster
def test_every_measurement_runs():
    mine = ("CASEWARD_", "DATABASE_URL", "DATA", "DJANGO_", "PYTEST_")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(mine)}
    command = [sys.executable, "-m", "bench", "--quick"]

    done = subprocess.run(
        command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    assert [what for what in MEASURED if what not in done.stdout] == []
    assert "given to two people | 0 of 20 | none | met" in done.stdout


def test_a_part_that_does_not_exist_is_named():
    done = subprocess.run(
        [sys.executable, "-m", "bench", "weather"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert "there is no part weather; there are intake, " in done.stderr
