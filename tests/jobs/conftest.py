"""What the tests of clusters and processes share."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from caseward.jobs.embedded import Cluster, ensure_cluster, stop_cluster


@pytest.fixture
def data() -> Iterator[Path]:
    """Give a data folder that any account can reach; whatever runs there ends with the test."""
    with _a_data_folder() as folder:
        yield folder


@pytest.fixture
def cluster(data: Path) -> Iterator[Cluster]:
    """Give a running cluster that the test may break."""
    with ensure_cluster(data, durable=False) as running:
        yield running


@pytest.fixture(scope="module")
def shared_cluster() -> Iterator[Cluster]:
    """Give a running cluster that the tests of a module share and leave as it is."""
    with _a_data_folder() as folder, ensure_cluster(folder) as running:
        yield running


@contextmanager
def _a_data_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="caseward-") as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent) / "data"
        yield folder
        stop_cluster(folder)
