"""Live events: what a token opens, and that nobody takes every seat."""

import pytest

from caseward.web.live.hub import MOST_OF_ONE_PERSON, Client, Hub
from caseward.web.live.tokens import Reader
from tests.builders import MONDAY_9AM


def a_client(staff_id: int) -> Client:
    return Client(Reader(staff_id, 1, False, MONDAY_9AM))


def test_a_person_with_ever_more_pages_loses_the_oldest_and_crowds_out_nobody():
    hub = Hub()
    colleague = a_client(2)
    hub.let_in(colleague)
    mine = [a_client(1) for _ in range(MOST_OF_ONE_PERSON + 2)]
    for client in mine:
        hub.let_in(client)

    assert [client.is_stale for client in mine] == [True, True, *[False] * MOST_OF_ONE_PERSON]
    assert not colleague.is_stale
    assert len(hub.clients) == MOST_OF_ONE_PERSON + 1


@pytest.mark.parametrize("staff_id", [1, 2])
def test_a_page_that_left_makes_room(staff_id):
    hub, client = Hub(), a_client(staff_id)
    hub.let_in(client)
    hub.see_out(client)

    assert not hub.clients
    hub.see_out(client)
