"""What must hold between the parts of an operation, across its files."""

from collections import defaultdict

from caseward.jobs.operation import (
    checking_calendars,
    checking_people,
    checking_promises,
    checking_texts,
    macros,
)
from caseward.jobs.operation.parts import (
    LANGUAGES,
    Disposition,
    Form,
    LineOfBusiness,
    Macro,
    Mailbox,
    Operation,
    Promise,
    Reason,
    Region,
    Serves,
    Site,
    Skill,
    StaffMember,
    Team,
    Vendor,
)
from caseward.jobs.operation.problems import Problems
from caseward.jobs.operation.relations import each_once, refer, refer_each
from caseward.jobs.operation.sections import SECTIONS

type _Keyed = Region | Site | Vendor | LineOfBusiness | Team | StaffMember | Macro
type _KeyedInALine = Reason | Disposition
type _OfALine = Reason | Disposition | Form | Promise | Mailbox | Serves | Skill

_A_LANGUAGE = f"a language Caseward knows ({', '.join(LANGUAGES)})"


def check(operation: Operation, problems: Problems) -> None:
    """Report whatever does not fit together."""
    _check_keys(operation, problems)
    _check_lines_of_business(operation, problems)
    _check_languages(operation, problems)
    for mailbox in operation.mailboxes:
        _check_mailbox(mailbox, operation.settings.mail_domain, problems)
    _check_shares(operation.vendors, problems)
    checking_promises.check(operation, problems)
    checking_calendars.check(operation, problems)
    checking_texts.check(operation, problems)
    checking_people.check(operation, problems)
    for macro in operation.macros:
        macros.check(macro, operation, problems)
    for section in SECTIONS:
        told = operation.more.get(section.name, ())
        each_once(told, "key", section.key, problems)
        for part in told:
            section.check(part, operation, problems)


def _check_keys(operation: Operation, problems: Problems) -> None:
    keyed: tuple[tuple[_Keyed, ...], ...] = (
        operation.regions,
        operation.sites,
        operation.vendors,
        operation.lines_of_business,
        operation.teams,
        operation.staff,
        operation.macros,
    )
    for parts in keyed:
        each_once(parts, "key", lambda part: part.key, problems)
    keyed_in_a_line: tuple[tuple[_KeyedInALine, ...], ...] = (
        operation.reasons,
        operation.dispositions,
    )
    for in_a_line in keyed_in_a_line:
        each_once(in_a_line, "key", lambda part: (part.line_of_business, part.key), problems)
    each_once(operation.mailboxes, "address", lambda mailbox: mailbox.address, problems)
    each_once(operation.staff, "email", lambda member: member.email, problems)
    each_once(operation.forms, "line_of_business", lambda form: (form.line_of_business,), problems)


def _check_lines_of_business(operation: Operation, problems: Problems) -> None:
    lines = {line.key for line in operation.lines_of_business}
    parts: tuple[_OfALine, ...] = (
        *operation.reasons,
        *operation.dispositions,
        *operation.forms,
        *operation.promises,
        *operation.mailboxes,
        *_all_serves(operation),
        *_all_skills(operation),
    )
    for part in parts:
        named = part.line_of_business
        refer(part, "line_of_business", named, lines, "a line of business", problems)


def _check_languages(operation: Operation, problems: Problems) -> None:
    known = operation.settings.languages
    refer_each(operation.settings, "languages", known, LANGUAGES, _A_LANGUAGE, problems)
    if known and "en" not in known:
        text = 'languages: expected "en" among them, the language to fall back on'
        problems.at(operation.settings.place, "languages", text)
    what = "a language of the operation (operation.yaml)"
    parts: tuple[Serves | Skill, ...] = (*_all_serves(operation), *_all_skills(operation))
    for part in parts:
        refer_each(part, "languages", part.languages, known, what, problems)
    for mailbox in operation.mailboxes:
        refer(mailbox, "language", mailbox.language, known, what, problems)


def _all_serves(operation: Operation) -> tuple[Serves, ...]:
    return tuple(serves for vendor in operation.vendors for serves in vendor.serves)


def _all_skills(operation: Operation) -> tuple[Skill, ...]:
    return tuple(skill for member in operation.staff for skill in member.skills)


def _check_mailbox(mailbox: Mailbox, domain: str, problems: Problems) -> None:
    if domain and mailbox.address and not mailbox.address.endswith(f"@{domain}"):
        text = f"address must end in @{domain}, the mail_domain of operation.yaml"
        problems.at(mailbox.place, "address", text)


def _check_shares(vendors: tuple[Vendor, ...], problems: Problems) -> None:
    taken: dict[tuple[str, str], float] = defaultdict(float)
    for vendor in vendors:
        served: set[tuple[str, str]] = set()
        for serves in vendor.serves:
            for language in serves.languages:
                work = (serves.line_of_business, language)
                if work in served:
                    text = f"languages: {vendor.key} already serves {work[0]} in {language}"
                    problems.at(serves.place, "languages", text)
                served.add(work)
                taken[work] += serves.share
                _check_share(work, taken[work], serves, problems)


def _check_share(work: tuple[str, str], taken: float, serves: Serves, problems: Problems) -> None:
    if taken > 1 + 1e-6:
        line, language = work
        text = f"share: vendors' shares of {line} in {language} add up to {taken:g}, above 1"
        problems.at(serves.place, "share", text)
