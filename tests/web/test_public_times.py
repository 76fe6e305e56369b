"""Times as requesters read them."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from caseward.web.views.public.times import day_and_hour

EVENING = datetime(2026, 11, 16, 18, 45, tzinfo=UTC)


@pytest.mark.parametrize(
    ("country", "language", "page", "says"),
    [
        ("IN", "en", "en", "17 November 2026, 00:15 (UTC+5:30)"),
        ("MY", "en", "en", "17 November 2026, 02:45 (UTC+8)"),
        ("", "en", "en", "16 November 2026, 18:45 (UTC)"),
        ("GB", "en", "en", "16 November 2026, 18:45 (UTC)"),
        ("", "ms", "ms", "17 Nov 2026, 02:45 (UTC+8)"),
        ("MY", "zh", "zh-hans", "2026年11月17日, 02:45 (UTC+8)"),
    ],
)
def test_a_time_names_its_zone(country, language, page, says):
    with translation.override(page):
        assert day_and_hour(EVENING, country=country, language=language) == says
