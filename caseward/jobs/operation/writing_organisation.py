"""Writes regions, sites, vendors, lines of business, teams and people; makes their queues."""

from collections.abc import Callable, Iterable
from typing import Any

from caseward.jobs.operation import calendars
from caseward.jobs.operation.differences import Change
from caseward.jobs.operation.parts import (
    LEVELS,
    WEEKDAYS,
    LineOfBusiness,
    Region,
    Settings,
    Site,
    StaffMember,
    Team,
    Vendor,
)
from caseward.org import models as org
from caseward.routing.models import Queue

type Writer = Callable[[Any], None]
type Remover = Callable[[Any], object]


def _write_settings(settings: Settings) -> None:
    values = {
        "name": settings.name,
        "platform_name": settings.platform,
        "mail_domain": settings.mail_domain,
    }
    org.Operation.objects.update_or_create(pk=1, defaults=values)


def _write_region(region: Region) -> None:
    org.Region.objects.update_or_create(key=region.key, defaults={"name": region.name})


def _write_site(site: Site) -> None:
    week = zip(WEEKDAYS, site.hours, strict=True)
    org.Site.objects.update_or_create(
        key=site.key,
        defaults={
            "name": site.name,
            "region": org.Region.objects.get(key=site.region),
            "timezone": site.timezone,
            "country": site.country,
            "subdivision": site.subdivision or "",
            "working_week": {day: calendars.pairs_of(hours) for day, hours in week},
            "extra_days": calendars.extra_days(site),
        },
    )


def _write_line_of_business(line: LineOfBusiness) -> None:
    org.LineOfBusiness.objects.update_or_create(
        key=line.key,
        defaults={
            "names": line.names,
            "descriptions": line.descriptions,
            "default_priority": line.default_priority,
            "seals_attachments": line.seals_attachments,
            "position": line.position,
            "is_active": True,
        },
    )


def _write_vendor(vendor: Vendor) -> None:
    values = {"name": vendor.name, "is_active": True}
    row, _ = org.Vendor.objects.update_or_create(key=vendor.key, defaults=values)
    lines = _lines_of_business()
    row.shares.all().delete()
    org.VendorShare.objects.bulk_create(
        org.VendorShare(
            vendor=row, lob=lines[serves.line_of_business], language=language, share=serves.share
        )
        for serves in vendor.serves
        for language in serves.languages
    )


def _write_team(team: Team) -> None:
    org.Team.objects.update_or_create(
        key=team.key,
        defaults={
            "name": team.name,
            "site": org.Site.objects.get(key=team.site),
            "vendor": org.Vendor.objects.filter(key=team.vendor).first(),
            "tier": team.tier,
        },
    )


def _write_staff_member(member: StaffMember) -> None:
    team = org.Team.objects.filter(key=member.team).select_related("site", "vendor").first()
    values = {
        "name": member.name,
        "email": member.email,
        "role": member.role,
        "team": team,
        "site": team.site if team else org.Site.objects.get(key=member.site),
        "vendor": team.vendor if team and member.role == org.StaffMember.Role.AGENT else None,
        "joined_on": member.joined,
        "is_active": True,
    }
    row = org.StaffMember.objects.filter(key=member.key).first()
    if row is None:
        row = org.StaffMember(key=member.key)
        row.set_unusable_password()
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    _write_skills(row, member)
    row.certifications.all().delete()
    org.Certification.objects.bulk_create(
        org.Certification(staff=row, key=held.key, expires_on=held.expires)
        for held in member.certifications
    )


def _write_skills(row: org.StaffMember, member: StaffMember) -> None:
    lines = _lines_of_business()
    row.skills.all().delete()
    org.Skill.objects.bulk_create(
        org.Skill(
            staff=row,
            lob=lines[skill.line_of_business],
            language=language,
            level=LEVELS.index(skill.level) + 1,
        )
        for skill in member.skills
        for language in skill.languages
    )


def free_addresses(changes: Iterable[Change]) -> None:
    """Let people exchange e-mail addresses, and take over those of people who left."""
    wanted = {
        part.email: part.key for part in (c.part for c in changes) if isinstance(part, StaffMember)
    }
    for row in org.StaffMember.objects.filter(email__in=wanted):
        if wanted[row.email] != row.key:
            row.email = f"{row.key}@moved.invalid"
            row.save(update_fields=["email"])


def name_leaders_and_managers(changes: Iterable[Change]) -> None:
    """Name who leads and who manages, once everybody is there."""
    staff = {member.key: member.pk for member in org.StaffMember.objects.only("key")}
    for change in changes:
        if isinstance(change.part, Team):
            leader = staff[change.part.leader]
            org.Team.objects.filter(key=change.key).update(leader_id=leader)
        elif isinstance(change.part, StaffMember):
            manager = staff[change.part.manager] if change.part.manager else None
            org.StaffMember.objects.filter(key=change.key).update(manager_id=manager)


def make_queues() -> None:
    """Make the queues cases can wait in: one for every share, and tier 2's for every language."""
    lines = org.LineOfBusiness.objects.filter(is_active=True)
    wanted = [
        Queue(tier=2, vendor=None, lob=line, language=language)
        for line in lines
        for language in line.names
    ]
    wanted += [
        Queue(tier=1, vendor_id=share.vendor_id, lob_id=share.lob_id, language=share.language)
        for share in org.VendorShare.objects.all()
    ]
    Queue.objects.bulk_create(wanted, ignore_conflicts=True)


def _lines_of_business() -> dict[str, org.LineOfBusiness]:
    return {line.key: line for line in org.LineOfBusiness.objects.all()}


def _retire_vendor(vendor: Vendor) -> None:
    org.VendorShare.objects.filter(vendor__key=vendor.key).delete()
    org.Vendor.objects.filter(key=vendor.key).update(is_active=False)


def _retire_staff_member(member: StaffMember) -> None:
    org.Skill.objects.filter(staff__key=member.key).delete()
    org.StaffMember.objects.filter(key=member.key).update(is_active=False)


WRITERS: dict[str, Writer] = {
    "operation": _write_settings,
    "region": _write_region,
    "site": _write_site,
    "line of business": _write_line_of_business,
    "vendor": _write_vendor,
    "team": _write_team,
    "staff member": _write_staff_member,
}
REMOVERS: dict[str, Remover] = {
    "region": lambda region: org.Region.objects.filter(key=region.key).delete(),
    "site": lambda site: org.Site.objects.filter(key=site.key).delete(),
    "line of business": lambda line: org.LineOfBusiness.objects.filter(key=line.key).update(
        is_active=False
    ),
    "vendor": _retire_vendor,
    "team": lambda team: org.Team.objects.filter(key=team.key).delete(),
    "staff member": _retire_staff_member,
}
