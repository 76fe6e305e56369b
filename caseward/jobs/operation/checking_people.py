"""What must hold between teams, their people, and who manages whom."""

from collections.abc import Mapping

from caseward.jobs.operation.parts import Operation, Skill, StaffMember, Team
from caseward.jobs.operation.problems import Problems, did_you_mean

_TIER_OF_ROLE = {"AGENT": 1, "SPECIALIST": 2}
_WORKS_IN_A_TEAM = {"AGENT", "SPECIALIST", "TEAM_LEADER"}


def check(operation: Operation, problems: Problems) -> None:
    teams = {team.key: team for team in operation.teams}
    staff = {member.key: member for member in operation.staff}
    for team in operation.teams:
        _check_team(team, operation, staff, problems)
    for member in operation.staff:
        _check_member(member, operation, teams, problems)
        _check_manager(member, staff, problems)


def _unknown(kind: str, name: str, known: Mapping[str, object], what: str) -> str:
    return f'{kind} "{name}" is not {what}{did_you_mean(name, known)}'


def _check_team(
    team: Team, operation: Operation, staff: Mapping[str, StaffMember], problems: Problems
) -> None:
    sites = {site.key: site for site in operation.sites}
    vendors = {vendor.key: vendor for vendor in operation.vendors}
    lines = {line.key: line for line in operation.lines_of_business}
    if team.site and team.site not in sites:
        problems.at(team.place, "site", _unknown("site", team.site, sites, "a site"))
    if team.vendor and team.vendor not in vendors:
        what = 'a vendor (or "in-house")'
        problems.at(team.place, "vendor", _unknown("vendor", team.vendor, vendors, what))
    if team.tier == 2 and team.vendor:
        problems.at(team.place, "tier", "tier 2 is in-house; a vendor's team is in tier 1")
    for index, line in enumerate(team.lines_of_business):
        if line not in lines:
            text = _unknown("line of business", line, lines, "a line of business")
            problems.at(team.place, f"lines_of_business.{index}", text)
    _check_leader(team, staff, problems)


def _check_leader(team: Team, staff: Mapping[str, StaffMember], problems: Problems) -> None:
    leader = staff.get(team.leader)
    if leader is None:
        if team.leader:
            text = _unknown("leader", team.leader, staff, "a staff member")
            problems.at(team.place, "leader", text)
    elif leader.role != "TEAM_LEADER" or leader.team != team.key:
        text = f'leader "{team.leader}" must have the role TEAM_LEADER and be in team "{team.key}"'
        problems.at(team.place, "leader", text)


def _check_member(
    member: StaffMember, operation: Operation, teams: Mapping[str, Team], problems: Problems
) -> None:
    sites = {site.key: site for site in operation.sites}
    if (member.team is None) == (member.site is None):
        problems.at(member.place, "team", 'expected either a "team" or, without one, a "site"')
    if member.site and member.site not in sites:
        problems.at(member.place, "site", _unknown("site", member.site, sites, "a site"))
    if member.role in _WORKS_IN_A_TEAM and member.team is None:
        problems.at(member.place, "role", f'the role {member.role} needs a "team"')
    if member.team is not None:
        team = teams.get(member.team)
        if team is None:
            problems.at(member.place, "team", _unknown("team", member.team, teams, "a team"))
        else:
            _check_place_in_team(member, team, operation, problems)


def _check_place_in_team(
    member: StaffMember, team: Team, operation: Operation, problems: Problems
) -> None:
    tier = _TIER_OF_ROLE.get(member.role)
    if tier and tier != team.tier:
        text = f"the role {member.role} works in tier {tier}, but {team.key} is tier {team.tier}"
        problems.at(member.place, "role", text)
    elif member.role not in _WORKS_IN_A_TEAM:
        problems.at(member.place, "team", f"the role {member.role} stands outside the teams")
    for skill in member.skills:
        _check_skill(skill, team, operation, problems)


def _check_skill(skill: Skill, team: Team, operation: Operation, problems: Problems) -> None:
    if skill.line_of_business not in team.lines_of_business:
        text = f"team {team.key} does not work on {skill.line_of_business} (teams.yaml)"
        problems.at(skill.place, "line_of_business", text)
        return
    spoken = _languages_of(team, skill.line_of_business, operation)
    by = team.vendor or "the operation"
    for index, language in enumerate(skill.languages):
        if language not in spoken:
            text = f'{by} does not serve {skill.line_of_business} in "{language}"'
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
    if member.manager is None:
        if member.role and member.role != "GLOBAL_HEAD":
            text = '"manager" is missing; only the GLOBAL_HEAD has none'
            problems.at(member.place, "key", text)
    elif member.manager not in staff:
        text = _unknown("manager", member.manager, staff, "a staff member")
        problems.at(member.place, "manager", text)
    elif circle := _circle(member, staff):
        text = f"managers go round in a circle: {' → '.join(circle)}"
        problems.at(member.place, "manager", text)


def _circle(member: StaffMember, staff: Mapping[str, StaffMember]) -> list[str]:
    """Return the chain of managers that leads back to this member, if it does."""
    chain, next_up = [member.key], member.manager
    while next_up in staff and next_up not in chain:
        chain.append(next_up)
        next_up = staff[next_up].manager
    return [*chain, member.key] if next_up == member.key else []
