"""Runs a command with DATABASE_URL naming a server reached by TCP, as a real one would be.

python -m tests.on_a_server pytest …
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from caseward.jobs import preparing
from caseward.jobs.embedded import ensure_cluster

WORKERS = ("gw0", "gw1")


def main(command: list[str]) -> int:
    """Prepare a second cluster the way an administrator would, run the command, remove it."""
    with tempfile.TemporaryDirectory(prefix="caseward-server-") as folder:
        Path(folder).chmod(0o755)
        cluster = ensure_cluster(Path(folder) / "data", durable=False)
        try:
            admin = cluster.url_for("postgres", "postgres", tcp=True)
            made = preparing.prepare_server(admin, database="tests", new_passwords=True)
            for worker in WORKERS:
                cluster.create_database(f"tests_{worker}")
            addresses = {
                "DATABASE_URL": made.app_url,
                "CASEWARD_OWNER_DATABASE_URL": made.owner_url,
            }
            return subprocess.run(command, check=False, env=os.environ | addresses).returncode
        finally:
            cluster.remove()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
