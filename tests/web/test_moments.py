"""Times as the desk's people read them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from caseward.web.views.desk.showing.moments import zone


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Asia/Kolkata", "IST"),
        ("Asia/Kuala_Lumpur", "GMT+8"),
        ("Asia/Kathmandu", "GMT+5:45"),
        ("America/Sao_Paulo", "GMT-3"),
    ],
)
def test_a_zone_without_letters_is_said_by_its_hours(name, said):
    assert zone(datetime(2026, 5, 4, 9, tzinfo=UTC).astimezone(ZoneInfo(name))) == said
