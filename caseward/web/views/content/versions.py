"""The way of a version, for pages of macros and playbooks alike: its list, its steps, its words."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as said

from caseward.org.models import StaffMember
from caseward.policy import access
from caseward.policy.models import VersionState
from caseward.policy.services import versions
from caseward.policy.services.versions import AnyVersion
from caseward.web.middleware import SignedInRequest
from caseward.web.views.desk.typed import typed

STATES = {
    VersionState.DRAFT: ("status--pending", "pencil"),
    VersionState.IN_REVIEW: ("status--new", "eye"),
    VersionState.RELEASED: ("status--resolved", "circle-check"),
    VersionState.RETIRED: ("status--closed", "archive"),
}


def only_in_house(request: HttpRequest) -> None:
    """Let nobody of a vendor learn that there is such a page."""
    staff = request.user
    if not isinstance(staff, StaffMember) or not access.may_open(staff):
        raise Http404


def shown(version: AnyVersion, reader: StaffMember) -> dict[str, Any]:
    """Return a version as a line of its list, with what the reader may do about it."""
    lob_id = versions.lob_id_of(versions.subject_of(version))
    writes, releases = access.may_write(reader, lob_id), access.may_release(reader, lob_id)
    is_author = version.author_id == reader.pk
    return {
        "version": version,
        "number": version.number,
        "state": version.state,
        "label": _label(version.state),
        "icon": STATES[VersionState(version.state)][1],
        "author": version.author.name if version.author else _("The operation's files"),
        "reviewer": version.reviewer.name if version.reviewer else "",
        "can_send": writes and version.state == VersionState.DRAFT,
        "can_throw_away": writes and version.state == VersionState.DRAFT,
        "can_release": releases and not is_author and version.state == VersionState.IN_REVIEW,
        "waits_for_another": is_author and version.state == VersionState.IN_REVIEW,
        "can_send_back": writes and version.state == VersionState.IN_REVIEW,
        "can_retire": releases and version.state == VersionState.RELEASED,
        "can_restore": writes and version.state == VersionState.RETIRED,
    }


def _label(state: str) -> str:
    return {
        "DRAFT": _("Draft"),
        "IN_REVIEW": _("In review"),
        "RELEASED": _("Released"),
        "RETIRED": _("Retired"),
    }[state]


def carry_out(request: SignedInRequest, version: AnyVersion, do: str) -> None:
    """Do to a version what a button says; say what came of it."""
    verb = VERBS.get(do)
    if verb is None:
        raise Http404
    act, done = verb
    try:
        act(version, request, timezone.now())
    except versions.TwoPeopleNeeded:
        messages.warning(request, _("You wrote this version, so somebody else has to release it."))
    except access.NotYoursToWrite:
        messages.warning(
            request, _("This is for whoever answers for the line of business. Nothing was changed.")
        )
    except versions.ChangedMeanwhile:
        messages.warning(request, _("A colleague moved this version on first. Look again."))
    else:
        messages.success(request, _(done))


def _send(version: AnyVersion, request: SignedInRequest, now: datetime) -> None:
    versions.send_to_review(version, by=request.user, now=now)


def _send_back(version: AnyVersion, request: SignedInRequest, now: datetime) -> None:
    versions.send_back(version, by=request.user, why=typed(request, "why")[:300], now=now)


def _release(version: AnyVersion, request: SignedInRequest, now: datetime) -> None:
    versions.release(version, by=request.user, now=now)


def _retire(version: AnyVersion, request: SignedInRequest, now: datetime) -> None:
    versions.retire(version, by=request.user, why=typed(request, "why")[:300], now=now)


def _restore(version: AnyVersion, request: SignedInRequest, now: datetime) -> None:
    versions.restore(version, by=request.user, now=now)


def _throw_away(version: AnyVersion, request: SignedInRequest, now: datetime) -> None:
    versions.throw_away(version, by=request.user)


type Verb = Callable[[AnyVersion, SignedInRequest, datetime], None]

VERBS: dict[str, tuple[Verb, str]] = {
    "review": (_send, said("Somebody else can review it now.")),
    "send-back": (_send_back, said("The version is a draft again.")),
    "release": (_release, said("Released. It is in use from now on.")),
    "retire": (_retire, said("Retired. Nobody can use it any more; restore it to bring it back.")),
    "restore": (_restore, said("A draft with the older words is ready for review.")),
    "throw-away": (_throw_away, said("The draft is gone. What is released is untouched.")),
}
