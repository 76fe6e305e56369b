"""Our mailboxes, kept in memory until the operation's configuration changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from caseward.channels.email.addressing import mailbox_of
from caseward.channels.models import Mailbox
from caseward.org.catalogue import kept_per_revision
from caseward.org.models import LineOfBusiness

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


class Box(NamedTuple):
    """A mailbox and what it says about mail that comes to it."""

    address: str
    name: str
    lob_id: int
    language: str
    default_priority: int
    signatures: Mapping[str, str]


class NoMailbox(Exception):
    """The operation has no mailbox."""


@kept_per_revision
def boxes() -> dict[str, Box]:
    """Return every mailbox by its address, the oldest first."""
    found = Mailbox.objects.select_related("lob").order_by("pk")
    return {box.address.lower(): _box(box) for box in found}


@kept_per_revision
def sealed_lobs() -> frozenset[int]:
    """Return the lines of business that seal what people attach."""
    sealed = LineOfBusiness.objects.filter(seals_attachments=True)
    return frozenset(sealed.values_list("pk", flat=True))


def box_for(recipients: Sequence[str]) -> Box:
    """Return the mailbox a mail was sent to, the first one for mail to the postmaster.

    Raises:
        NoMailbox: there is none at all.
    """
    known = boxes()
    for address in recipients:
        box = known.get(address.lower()) or known.get(mailbox_of(address))
        if box:
            return box
    if not known:
        raise NoMailbox("The operation has no mailbox; add one to mailboxes.yaml and apply it.")
    return next(iter(known.values()))


def box_of(*, lob_id: int, language: str, written_to: Sequence[str]) -> Box:
    """Return the mailbox answers about a line of business come from.

    That is the one the requester wrote to, else one in their language, else any of its own, else
    any at all.

    Raises:
        NoMailbox: there is none at all.
    """
    if not boxes():
        raise NoMailbox("The operation has no mailbox; add one to mailboxes.yaml and apply it.")
    wanted = {mailbox_of(address) for address in written_to}
    ranked = sorted(
        boxes().values(),
        key=lambda box: (
            box.address.lower() not in wanted,
            box.lob_id != lob_id,
            box.language != language,
        ),
    )
    return ranked[0]


def _box(mailbox: Mailbox) -> Box:
    return Box(
        mailbox.address,
        mailbox.name,
        mailbox.lob_id,
        mailbox.language,
        mailbox.lob.default_priority,
        mailbox.signatures,
    )
