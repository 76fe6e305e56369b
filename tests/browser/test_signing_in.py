"""Everybody lands where their work is."""

import pytest
from playwright.sync_api import expect

from tests.browser.visitors import sign_in


@pytest.mark.parametrize(
    ("key", "heading"),
    [("aarav-khanna", "My open cases"), ("ananya-deshpande", "How we are doing")],
)
def test_somebody_signs_in_and_lands_where_their_work_is(visitors, key, heading):
    page = visitors.anybody()
    page.goto("/")
    assert "/sign-in" in page.url

    sign_in(page, key)

    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
