"""Signed addresses and message ids: ours are found again, altered ones are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from caseward.channels.email.addressing import (
    Origin,
    message_id,
    origin_of,
    reference_in,
    reply_address,
)

KEY = b"a key for tests only, 32 bytes.."
REFERENCES = st.from_regex(r"\ACW-[0-9A-Z]{4}-[0-9A-Z]{3}\Z")


@given(REFERENCES)
def test_a_signed_address_gives_its_case_back(reference: str):
    address = reply_address(mailbox="support@caseward.example", reference=reference, key=KEY)
    assert reference_in(address, key=KEY) == reference
    assert reference_in(address.upper(), key=KEY) == reference
    assert len(address.partition("@")[0]) <= 64


@given(REFERENCES, st.integers(min_value=0, max_value=200), st.sampled_from("abc234-."))
def test_an_altered_address_gives_nothing(reference: str, place: int, letter: str):
    address = reply_address(mailbox="support@caseward.example", reference=reference, key=KEY)
    start, end = address.index("+") + 1, address.index("@")
    place = start + place % (end - start)
    altered = address[:place] + letter + address[place + 1 :]
    assert altered == address or reference_in(altered, key=KEY) is None


def test_another_key_and_an_unsigned_address_give_nothing():
    address = reply_address(mailbox="support@caseward.example", reference="CW-7F3K-9QX", key=KEY)
    assert reference_in(address, key=KEY[::-1]) is None
    assert reference_in("support+cw-7f3k-9qx@caseward.example", key=KEY) is None
    assert reference_in("support@caseward.example", key=KEY) is None


def test_a_message_id_gives_case_and_mail_back():
    made = message_id(reference="CW-7F3K-9QX", outgoing="812", domain="Caseward.example", key=KEY)
    assert origin_of(made, key=KEY) == Origin("CW-7F3K-9QX", "812")
    assert origin_of(made.strip("<>"), key=KEY) == Origin("CW-7F3K-9QX", "812")
    assert origin_of(made.replace(".812.", ".813."), key=KEY) is None
    assert origin_of("<x@y.example>", key=KEY) is None


def test_an_address_signature_does_not_sign_a_message_id():
    address = reply_address(mailbox="a@caseward.example", reference="CW-1", key=KEY)
    signature = address.partition("@")[0].rpartition(".")[2]
    assert origin_of(f"<cw-1.1.{signature}@caseward.example>", key=KEY) is None


@pytest.mark.parametrize("reference", ["", "a b", "x@y", "a\r\nBcc: b", "a.b", "x" * 42])
def test_what_cannot_stand_in_an_address_is_refused(reference: str):
    with pytest.raises(ValueError, match="letters, digits and hyphens"):
        reply_address(mailbox="support@caseward.example", reference=reference, key=KEY)
