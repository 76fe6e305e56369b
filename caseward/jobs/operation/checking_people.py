"""What must hold between teams, their people, and who manages whom."""

from collections.abc import Mapping

from caseward.jobs.operation.parts import Operation, Skill, StaffMember, Team
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import refer

_TIER_OF_ROLE = {"AGENT": 1, "SPECIALIST": 2}
_WORKS_IN_A_TEAM = {"AGENT", "SPECIALIST", "TEAM_LEADER"}


def check(operation: Operation, problems: Problems) -> None:
    teams = {team.key: team for team in operation.teams}
    staff = {member.key: member for member in operation.staff}
    for team in operation.teams:
        _check_team(team, operation, staff, problems)
    for member in operation.staff:
        _check_member(member, operation, teams, problems)
        _check_said_once(member, problems)
        _check_manager(member, staff, problems)


def _check_team(
    team: Team, operation: Operation, staff: Mapping[str, StaffMember], problems: Problems
) -> None:
    sites = {site.key for site in operation.sites}
    vendors = {vendor.key for vendor in operation.vendors}
    refer(team, "site", team.site, sites, "a site", problems)
    refer(team, "vendor", team.vendor, vendors, "a vendor, or in-house", problems)
    if team.tier == 2 and team.vendor:
        problems.at(team.place, "tier", "tier: tier 2 is in-house; a vendor's team is in tier 1")
    _check_leader(team, staff, problems)


def _check_leader(team: Team, staff: Mapping[str, StaffMember], problems: Problems) -> None:
    refer(team, "leader", team.leader, staff, "a staff member", problems)
    leader = staff.get(team.leader)
    if leader and (leader.role != "TEAM_LEADER" or leader.team != team.key):
        text = f'leader: "{leader.key}" must have the role TEAM_LEADER and be in team {team.key}'
        problems.at(team.place, "leader", text)


def _check_member(
    member: StaffMember, operation: Operation, teams: Mapping[str, Team], problems: Problems
) -> None:
    sites = {site.key for site in operation.sites}
    refer(member, "site", member.site, sites, "a site", problems)
    refer(member, "team", member.team, teams, "a team", problems)
    if (member.team is None) == (member.site is None):
        text = 'expected either a "team" or, for who has none, a "site"'
        problems.at(member.place, "team", text)
    if member.role in _WORKS_IN_A_TEAM and member.team is None:
        problems.at(member.place, "role", f'role: {member.role} needs a "team"')
    if member.team and member.team in teams:
        _check_place_in_team(member, teams[member.team], operation, problems)


def _check_said_once(member: StaffMember, problems: Problems) -> None:
    """Refuse one language of a line of business at two levels, and a certification given twice."""
    said: set[tuple[str, str]] = set()
    for skill in member.skills:
        for language in skill.languages:
            if (skill.line_of_business, language) in said:
                text = f'skills: {skill.line_of_business} in "{language}" is given twice'
                problems.at(skill.place, "languages", text)
            said.add((skill.line_of_business, language))
    for number, held in enumerate(member.certifications):
        if held.key in {other.key for other in member.certifications[:number]}:
            text = f'certifications: "{held.key}" is given twice'
            problems.at(held.place, "key", text)


def _check_place_in_team(
    member: StaffMember, team: Team, operation: Operation, problems: Problems
) -> None:
    tier = _TIER_OF_ROLE.get(member.role)
    if tier and tier != team.tier:
        text = f"role: {member.role} works in tier {tier}, but {team.key} is tier {team.tier}"
        problems.at(member.place, "role", text)
    elif member.role not in _WORKS_IN_A_TEAM:
        problems.at(member.place, "team", f"team: {member.role} stands outside the teams")
    for skill in member.skills:
        _check_skill(skill, team, operation, problems)


def _check_skill(skill: Skill, team: Team, operation: Operation, problems: Problems) -> None:
    spoken = _languages_of(team, skill.line_of_business, operation)
    by = team.vendor or "the operation"
    for index, language in enumerate(skill.languages):
        if language not in spoken:
            text = f'languages: {by} does not serve {skill.line_of_business} in "{language}"'
            problems.at(skill.place, f"languages.{index}", text)


def _languages_of(team: Team, line_of_business: str, operation: Operation) -> tuple[str, ...]:
    if team.vendor is None:
        return operation.settings.languages
    return tuple(
        language
        for vendor in operation.vendors
        for serves in vendor.serves
        if (vendor.key, serves.line_of_business) == (team.vendor, line_of_business)
        for language in serves.languages
    )


def _check_manager(
    member: StaffMember, staff: Mapping[str, StaffMember], problems: Problems
) -> None:
    refer(member, "manager", member.manager, staff, "a staff member", problems)
    if member.manager is None and member.role != "GLOBAL_HEAD":
        problems.at(member.place, "key", '"manager" is missing; only the GLOBAL_HEAD has none')
    if circle := _circle(member, staff):
        text = f"manager: the managers go round in a circle: {' → '.join(circle)}"
        problems.at(member.place, "manager", text)


def _circle(member: StaffMember, staff: Mapping[str, StaffMember]) -> list[str]:
    """Return the chain of managers that leads back to this member, if it does."""
    chain, next_up = [member.key], member.manager
    while next_up and next_up in staff and next_up not in chain:
        chain.append(next_up)
        next_up = staff[next_up].manager
    return [*chain, member.key] if next_up == member.key else []
