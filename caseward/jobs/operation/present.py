"""The operation as the database has it, in the same `parts` as the files.

What is inactive is not part of the operation any more and is left out.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.db.models import Model

from caseward.channels import models as channels
from caseward.jobs.operation import calendars, macros
from caseward.jobs.operation.parts import (
    LANGUAGES,
    LEVELS,
    WEEKDAYS,
    Certification,
    Choice,
    Disposition,
    Duty,
    Form,
    FormField,
    LineOfBusiness,
    Mailbox,
    Operation,
    Promise,
    Reason,
    Region,
    Serves,
    Settings,
    Site,
    Skill,
    StaffMember,
    Team,
    Vendor,
)
from caseward.jobs.operation.problems import Place
from caseward.jobs.operation.sections import SECTIONS
from caseward.org import models as org
from caseward.policy import models as policy
from caseward.sla import models as sla
from caseward.sla.models import ClockKind

_HERE = Place("the database", 0)


def present_operation() -> Operation | None:
    """Return the operation of this installation, or None before one was applied."""
    found = org.Operation.objects.first()
    if found is None:
        return None
    lines = _lines_of_business()
    return Operation(
        settings=_settings(found, lines),
        regions=_regions(),
        sites=_sites(),
        vendors=_vendors(),
        lines_of_business=lines,
        reasons=_reasons(),
        dispositions=_dispositions(),
        teams=_teams(),
        staff=_staff(),
        forms=_forms(),
        promises=_promises(),
        macros=macros.present(),
        mailboxes=_mailboxes(),
        more={section.name: section.present() for section in SECTIONS},
    )


def _settings(found: org.Operation, lines: tuple[LineOfBusiness, ...]) -> Settings:
    used = {language for line in lines for language in line.names}
    return Settings(
        place=_HERE,
        name=found.name,
        platform=found.platform_name,
        mail_domain=found.mail_domain,
        languages=tuple(language for language in LANGUAGES if language in used) or LANGUAGES,
    )


def _regions() -> tuple[Region, ...]:
    found = org.Region.objects.order_by("pk")
    return tuple(Region(place=_HERE, key=region.key, name=region.name) for region in found)


def _sites() -> tuple[Site, ...]:
    return tuple(_site(site) for site in org.Site.objects.select_related("region").order_by("pk"))


def _site(site: org.Site) -> Site:
    plain = Site(
        place=_HERE,
        key=site.key,
        name=site.name,
        region=site.region.key,
        timezone=site.timezone,
        country=site.country,
        subdivision=site.subdivision or None,
        hours=tuple(calendars.hours_of(site.working_week.get(day, [])) for day in WEEKDAYS),
        holidays_not_observed=(),
        special_days=(),
    )
    return calendars.with_days(plain, site.extra_days)


def _vendors() -> tuple[Vendor, ...]:
    found = org.Vendor.objects.filter(is_active=True).prefetch_related("shares__lob")
    return tuple(
        Vendor(place=_HERE, key=vendor.key, name=vendor.name, serves=_serves(vendor))
        for vendor in found.order_by("pk")
    )


def _serves(vendor: org.Vendor) -> tuple[Serves, ...]:
    languages: dict[tuple[str, float], list[str]] = defaultdict(list)
    for share in vendor.shares.all():
        if share.lob.is_active:
            languages[share.lob.key, share.share].append(share.language)
    return tuple(
        Serves(place=_HERE, line_of_business=line, share=share, languages=tuple(sorted(languages_)))
        for (line, share), languages_ in sorted(languages.items())
    )


def _lines_of_business() -> tuple[LineOfBusiness, ...]:
    found = org.LineOfBusiness.objects.filter(is_active=True).order_by("position", "pk")
    return tuple(
        LineOfBusiness(
            place=_HERE,
            position=line.position,
            key=line.key,
            names=line.names,
            descriptions=line.descriptions,
            default_priority=line.default_priority,
            seals_attachments=line.seals_attachments,
        )
        for line in found
    )


def _reasons() -> tuple[Reason, ...]:
    found = policy.Reason.objects.filter(is_active=True, lob__is_active=True)
    return tuple(
        Reason(
            place=_HERE,
            key=reason.key,
            line_of_business=reason.lob.key,
            names=reason.names,
            priority=reason.priority,
            severity=reason.severity,
            category=reason.category,
            certification=reason.certification,
            language_level=LEVELS[reason.language_level - 1],
            handling=timedelta(minutes=reason.handling_minutes),
            cues={language: tuple(cues) for language, cues in reason.cues.items()},
        )
        for reason in found.select_related("lob").order_by("lob__position", "pk")
    )


def _dispositions() -> tuple[Disposition, ...]:
    found = policy.Disposition.objects.filter(is_active=True, lob__is_active=True)
    return tuple(
        Disposition(
            place=_HERE,
            key=disposition.key,
            line_of_business=disposition.lob.key,
            names=disposition.names,
            is_survey_wanted=disposition.is_survey_wanted,
        )
        for disposition in found.select_related("lob").order_by("lob__position", "pk")
    )


def _teams() -> tuple[Team, ...]:
    found = org.Team.objects.select_related("site", "vendor", "leader").order_by("pk")
    return tuple(
        Team(
            place=_HERE,
            key=team.key,
            name=team.name,
            site=team.site.key,
            vendor=_key(team.vendor),
            tier=team.tier,
            leader=_key(team.leader) or "",
        )
        for team in found
    )


def _staff() -> tuple[StaffMember, ...]:
    found = org.StaffMember.objects.filter(is_active=True).order_by("pk")
    found = found.select_related("site", "team", "manager").prefetch_related(
        "skills__lob", "certifications"
    )
    return tuple(_staff_member(member) for member in found)


def _staff_member(member: org.StaffMember) -> StaffMember:
    return StaffMember(
        place=_HERE,
        key=member.key,
        name=member.name,
        email=member.email,
        role=member.role,
        team=_key(member.team),
        site=None if member.team else _key(member.site),
        manager=_key(member.manager),
        joined=member.joined_on,
        skills=_skills(member),
        certifications=tuple(
            Certification(place=_HERE, key=held.key, expires=held.expires_on)
            for held in sorted(member.certifications.all(), key=lambda held: held.key)
        ),
    )


def _skills(member: org.StaffMember) -> tuple[Skill, ...]:
    languages: dict[tuple[str, str], list[str]] = defaultdict(list)
    for skill in member.skills.all():
        if skill.lob.is_active:
            languages[skill.lob.key, LEVELS[skill.level - 1]].append(skill.language)
    return tuple(
        Skill(place=_HERE, line_of_business=line, languages=tuple(sorted(spoken)), level=level)
        for (line, level), spoken in sorted(languages.items())
    )


def _forms() -> tuple[Form, ...]:
    found = channels.Form.objects.filter(is_active=True, lob__is_active=True)
    return tuple(
        Form(
            place=_HERE,
            line_of_business=form.lob.key,
            titles=form.titles,
            introductions=form.introductions,
            offers_upload=form.offers_upload,
            fields=tuple(_form_field(field) for field in form.fields),
        )
        for form in found.select_related("lob").order_by("lob__position", "pk")
    )


def _form_field(field: Mapping[str, Any]) -> FormField:
    choices = field.get("choices") or ()
    return FormField(
        place=_HERE,
        key=field["key"],
        kind=field["kind"],
        required=field["required"],
        labels=field["labels"],
        hints=field.get("hints") or {},
        errors=field.get("errors") or {},
        choices=tuple(Choice(place=_HERE, key=one["key"], names=one["names"]) for one in choices),
    )


def _promises() -> tuple[Promise, ...]:
    duties: dict[tuple[str, int], dict[str, Duty]] = defaultdict(dict)
    found = sla.Promise.objects.filter(lob__is_active=True).select_related("lob", "site")
    for promise in found.order_by("lob__position", "priority", "pk"):
        duties[promise.lob.key, promise.priority][promise.kind] = Duty(
            place=_HERE,
            within=promise.duration,
            measured=promise.measured.lower(),
            calendar=_key(promise.site),
            market=promise.market,
        )
    return tuple(
        Promise(
            place=_HERE,
            line_of_business=line,
            priority=priority,
            first_response=kinds[ClockKind.FIRST_RESPONSE],
            resolution=kinds[ClockKind.RESOLUTION],
            acknowledge=kinds.get(ClockKind.ACKNOWLEDGE),
            next_response=kinds.get(ClockKind.NEXT_RESPONSE),
            escalation_pickup=kinds.get(ClockKind.ESCALATION_PICKUP),
            tier_2_decision=kinds.get(ClockKind.TIER_2_DECISION),
        )
        for (line, priority), kinds in duties.items()
        if kinds.keys() >= {ClockKind.FIRST_RESPONSE, ClockKind.RESOLUTION}
    )


def _mailboxes() -> tuple[Mailbox, ...]:
    found = channels.Mailbox.objects.filter(lob__is_active=True).select_related("lob")
    return tuple(
        Mailbox(
            place=_HERE,
            address=mailbox.address,
            name=mailbox.name,
            line_of_business=mailbox.lob.key,
            language=mailbox.language,
            signatures=mailbox.signatures,
        )
        for mailbox in found.order_by("pk")
    )


def _key(row: Model | None) -> str | None:
    return getattr(row, "key", None)
