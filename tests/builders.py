"""Builders: each makes one thing, mentioning only what matters, and whatever that needs."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from caseward.casework.models import Case
from caseward.casework.services import NewCase, Person, open_case
from caseward.channels.models import Form, Mailbox
from caseward.org.catalogue import look_again
from caseward.org.models import (
    LineOfBusiness,
    Region,
    Site,
    Skill,
    StaffMember,
    Team,
    Vendor,
    VendorShare,
)
from caseward.policy.models import Disposition, Macro, Playbook, PlaybookVersion, Reason
from caseward.policy.services.macros import macro_from_file
from caseward.routing.models import Availability, Queue
from caseward.sla.models import Promise

MONDAY_9AM = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}

_numbers = itertools.count(1)


def a_region() -> Region:
    return Region.objects.get_or_create(key="apac", defaults={"name": "APAC"})[0]


def a_site(key: str = "gurugram", **fields: Any) -> Site:
    known = {"gurugram": ("Asia/Kolkata", "IN"), "kuala-lumpur": ("Asia/Kuala_Lumpur", "MY")}
    timezone, country = known.get(key, ("UTC", "IN"))
    values = {
        "name": key.title(),
        "region": a_region(),
        "timezone": timezone,
        "country": country,
        "working_week": WEEK,
        **fields,
    }
    return _seen(Site.objects.get_or_create(key=key, defaults=values)[0])


def a_vendor(key: str = "northstar") -> Vendor:
    return _seen(Vendor.objects.get_or_create(key=key, defaults={"name": key.title()})[0])


def a_lob(key: str = "account-security", **fields: Any) -> LineOfBusiness:
    values = {"names": {"en": key.replace("-", " ").title()}, **fields}
    return _seen(LineOfBusiness.objects.get_or_create(key=key, defaults=values)[0])


def a_share(vendor: Vendor, lob: LineOfBusiness, language: str = "en", share: float = 1) -> None:
    VendorShare.objects.get_or_create(
        vendor=vendor, lob=lob, language=language, defaults={"share": share}
    )
    a_queue(1, vendor, lob, language)
    a_queue(2, None, lob, language)


def a_queue(tier: int, vendor: Vendor | None, lob: LineOfBusiness, language: str = "en") -> Queue:
    return _seen(
        Queue.objects.get_or_create(tier=tier, vendor=vendor, lob=lob, language=language)[0]
    )


def a_team(vendor: Vendor | None = None, **fields: Any) -> Team:
    tier = 1 if vendor else 2
    key = f"{vendor.key if vendor else 'in-house'}-{tier}"
    values = {"name": key.title(), "site": a_site(), "vendor": vendor, "tier": tier, **fields}
    return Team.objects.get_or_create(key=key, defaults=values)[0]


def a_staff_member(role: str, vendor: Vendor | None = None, **fields: Any) -> StaffMember:
    number = next(_numbers)
    team = a_team(vendor)
    values = {
        "key": f"person-{number}",
        "name": f"Person {number}",
        "email": f"person-{number}@caseward.example",
        "team": team,
        "site": team.site,
        **fields,
    }
    return _seen(StaffMember.objects.create(role=role, vendor=vendor, **values))


def an_agent(
    vendor: Vendor | None = None,
    lob: LineOfBusiness | None = None,
    languages: tuple[str, ...] = ("en",),
    **fields: Any,
) -> StaffMember:
    """An agent of a vendor, skilled in a line of business, whose queues exist."""
    vendor, lob = vendor or a_vendor(), lob or a_lob()
    agent = a_staff_member("AGENT", vendor, **fields)
    for language in languages:
        a_share(vendor, lob, language)
        Skill.objects.create(staff=agent, lob=lob, language=language)
    return _seen(agent)


def a_specialist(
    lob: LineOfBusiness | None = None, languages: tuple[str, ...] = ("en",), **fields: Any
) -> StaffMember:
    """An in-house specialist of tier 2, skilled in a line of business, whose queues exist."""
    lob = lob or a_lob()
    specialist = a_staff_member("SPECIALIST", None, **fields)
    for language in languages:
        a_queue(2, None, lob, language)
        Skill.objects.create(staff=specialist, lob=lob, language=language)
    return _seen(specialist)


def at_work(staff: StaffMember) -> StaffMember:
    """Somebody who said that they are available; unasked, work comes back to nobody else."""
    there = {"state": "AVAILABLE", "since": MONDAY_9AM, "seen_at": MONDAY_9AM}
    Availability.objects.update_or_create(staff=staff, defaults=there)
    return staff


def a_team_leader(**fields: Any) -> StaffMember:
    return a_staff_member("TEAM_LEADER", None, **fields)


def a_regional_lead(**fields: Any) -> StaffMember:
    return a_staff_member("REGIONAL_LEAD", None, **fields)


def a_reason(lob: LineOfBusiness | None = None, key: str = "lost-login", **fields: Any) -> Reason:
    values = {"names": {"en": key.replace("-", " ").capitalize()}, **fields}
    return Reason.objects.get_or_create(lob=lob or a_lob(), key=key, defaults=values)[0]


def a_disposition(lob: LineOfBusiness | None = None, key: str = "recovered") -> Disposition:
    return Disposition.objects.get_or_create(
        lob=lob or a_lob(), key=key, defaults={"names": {"en": key.capitalize()}}
    )[0]


def a_macro(key: str = "hello", lob: LineOfBusiness | None = None, **texts: str) -> Macro:
    """A macro whose first version is released, as the files of an operation bring it."""
    said = texts or {"en": "Hello {requester_name}"}
    return _seen(macro_from_file(key=key, lob=lob, title=key.title(), texts=said))


def a_playbook(reason: Reason, steps: Sequence[Mapping[str, Any]]) -> PlaybookVersion:
    """The released playbook of a reason, in place of the one before."""
    playbook = Playbook.objects.get_or_create(reason=reason)[0]
    playbook.versions.filter(state="RELEASED").update(state="RETIRED", retired_at=MONDAY_9AM)
    return _seen(
        playbook.versions.create(
            number=playbook.versions.count() + 1,
            state="RELEASED",
            released_at=MONDAY_9AM,
            steps=list(steps),
        )
    )


def a_promise(
    kind: str = "FIRST_RESPONSE",
    duration: timedelta = timedelta(hours=4),
    lob: LineOfBusiness | None = None,
    priority: int = 3,
    measured: str = "ELAPSED",
    site: Site | None = None,
    market: str = "",
) -> Promise:
    return _seen(
        Promise.objects.create(
            lob=lob or a_lob(),
            priority=priority,
            kind=kind,
            duration=duration,
            measured=measured,
            site=site,
            market=market,
        )
    )


def a_case(
    *,
    vendor: Vendor | None = None,
    lob: LineOfBusiness | None = None,
    language: str = "en",
    assignee: StaffMember | None = None,
    opened_at: datetime = MONDAY_9AM,
    email: str = "asha@example.com",
    **new: Any,
) -> Case:
    """A case as a requester's message opens it; with an assignee it is in that person's hands."""
    lob = lob or a_lob()
    vendor = vendor or (assignee and assignee.vendor) or a_vendor()
    a_share(vendor, lob, language)
    values = {
        "priority": 3,
        "channel": Case.Channel.EMAIL,
        "title": "I cannot sign in",
        "text": "I cannot sign in since yesterday.",
        "people": [Person(name="Asha", email=email)],
        **new,
    }
    opened = open_case(NewCase(lob_id=lob.pk, language=language, **values), now=opened_at)
    case = Case.objects.get(pk=opened.id)
    case.vendor, case.queue = vendor, a_queue(1, vendor, lob, language)  # whoever's turn it was
    if assignee:
        case.assignee, case.status = assignee, Case.Status.OPEN
    case.save()
    return case


def a_mailbox(
    address: str = "support@caseward.example", lob: LineOfBusiness | None = None, **fields: Any
) -> Mailbox:
    """A mailbox whose line of business has a queue where its mail can wait."""
    lob = lob or a_lob()
    a_share(a_vendor(), lob, fields.get("language", "en"))
    values = {"name": "Lumen Support", "lob": lob, **fields}
    return _seen(Mailbox.objects.get_or_create(address=address, defaults=values)[0])


def a_form(lob: LineOfBusiness, *, without: Sequence[str] = (), **fields: Any) -> Form:
    """A contact form with a question of every kind; only address and message are required."""
    asked = [
        _question("name", "text"),
        _question("email", "email", required=True, error="Write a full e-mail address."),
        _question("reason", "reason"),
        _question("message", "textarea", required=True),
        _question("handle", "text"),
        _question("who-asks", "choice", choices=("self", "guardian")),
        _question("symptom", "choice", choices=("no-code", "money")),
        _question("lost-on", "date", error="Choose a day in the past."),
        _question("link", "url", error="Copy the full link."),
        _question("in-danger", "checkbox"),
        _question("safe-to-write", "checkbox"),
    ]
    values = {
        "titles": {"en": "Help with your account"},
        "fields": [question for question in asked if question["key"] not in without],
        **fields,
    }
    return _seen(Form.objects.create(lob=lob, **values))


def _question(
    key: str, kind: str, *, required: bool = False, error: str = "", choices: Sequence[str] = ()
) -> dict[str, Any]:
    return {
        "key": key,
        "kind": kind,
        "required": required,
        "labels": {"en": key.replace("-", " ").capitalize()},
        "errors": {"en": error} if error else {},
        "choices": [{"key": choice, "names": {"en": choice}} for choice in choices],
    }


def _seen[T](made: T) -> T:
    look_again()
    return made
