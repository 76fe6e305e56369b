"""Whom a post is counted to."""

import pytest
from django.test import RequestFactory

from caseward.web.views.public.visitors import address_hash, network_of


@pytest.mark.parametrize(
    ("seen", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("unix:", "unix:"),
        ("", ""),
    ],
)
def test_a_household_is_one_sender(seen, network):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=seen)) == network


@pytest.mark.parametrize(("https", "network"), [(True, "203.0.113.9"), (False, "127.0.0.1")])
def test_what_a_proxy_saw_is_believed_only_behind_one(settings, https, network):
    settings.HTTPS = https
    request = RequestFactory().get("/", headers={"X-Forwarded-For": "10.0.0.1, 203.0.113.9"})

    assert network_of(request) == network


def test_the_hash_of_an_address_depends_on_the_secret_key(settings):
    request = RequestFactory().get("/")
    before = address_hash(request)

    settings.SECRET_KEY = "another key"

    assert address_hash(request) != before
