"""What tests of pages share."""

import re
from pathlib import Path

import pytest

SPRITE = Path(__file__).resolve().parents[2] / "caseward/web/static/vendor/lucide/sprite.svg"


@pytest.fixture(scope="session")
def icon_names():
    return set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text()))
