"""The parts of an operation, as the files state them.

Every part knows its `place`, which does not count when two parts are compared.
A `key` names a part in other files. A plural such as `names` has one text per language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from caseward.jobs.operation.problems import Place

IN_HOUSE = "in-house"
GENERAL = "general"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LANGUAGES = ("en", "hi", "ms", "ta", "zh")
FIELD_KINDS = ("text", "textarea", "choice", "reason", "email", "checkbox", "url", "date")
ROLES = (
    "AGENT",
    "SPECIALIST",
    "TEAM_LEADER",
    "LOB_LEAD",
    "REGIONAL_LEAD",
    "GLOBAL_HEAD",
    "VENDOR_MANAGER",
)
LEVELS = ("basic", "fluent", "native")

type Translations = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Part):
    """What holds for the whole operation. The first language is the one to fall back on."""

    name: str
    platform: str
    mail_domain: str
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Part):
    key: str
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Opening hours on one day, counted from local midnight; `closes` is at most 24 hours."""

    opens: timedelta
    closes: timedelta


type Hours = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay(Part):
    """A day with hours of its own (none: a day off); None: the usual ones, though a holiday."""

    on: date
    hours: Hours | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site(Part):
    """A place people work from, with its calendar.

    `hours` has seven entries, Monday first. Public holidays come from the `holidays` library
    for country and subdivision, less those named in `holidays_not_observed`.
    """

    key: str
    name: str
    region: str
    timezone: str
    country: str
    subdivision: str | None
    hours: tuple[Hours, ...]
    holidays_not_observed: tuple[str, ...]
    special_days: tuple[SpecialDay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Serves(Part):
    """A vendor's share (up to 1) of the tier-1 work of one line of business, in some languages."""

    line_of_business: str
    share: float
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor(Part):
    key: str
    name: str
    serves: tuple[Serves, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineOfBusiness(Part):
    """`position` is its place in the file, the order in which people are offered it."""

    position: int
    key: str
    names: Translations
    descriptions: Translations
    default_priority: int
    seals_attachments: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason(Part):
    """What a case is about. `cues` are words, per language, by which a message is recognised.

    `category` is the harmful material met in such cases, `certification` what one must hold to
    work them; both may be empty. `language_level` is one of `LEVELS`.
    """

    key: str
    line_of_business: str
    names: Translations
    priority: int
    severity: int
    category: str
    certification: str
    language_level: str
    handling: timedelta
    cues: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposition(Part):
    key: str
    line_of_business: str
    names: Translations
    is_survey_wanted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(Part):
    """`vendor` is None for a team of our own."""

    key: str
    name: str
    site: str
    vendor: str | None
    tier: int
    leader: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Skill(Part):
    """`level` is one of `LEVELS`."""

    line_of_business: str
    languages: tuple[str, ...]
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Certification(Part):
    """What somebody has passed; `expires` is the last day it holds."""

    key: str
    expires: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffMember(Part):
    """`team` for who belongs to one, `site` for who does not: one of the two is None."""

    key: str
    name: str
    email: str
    role: str
    team: str | None
    site: str | None
    manager: str | None
    joined: date | None
    skills: tuple[Skill, ...]
    certifications: tuple[Certification, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Part):
    key: str
    names: Translations


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField(Part):
    """`hints` may be empty; `errors` may be empty where nothing can be wrong."""

    key: str
    kind: str
    required: bool
    labels: Translations
    hints: Translations
    errors: Translations
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form(Part):
    """A public contact form; `line_of_business` None holds the fields every form has."""

    line_of_business: str | None
    titles: Translations
    introductions: Translations
    offers_upload: bool
    fields: tuple[FormField, ...]


MEASURES = ("elapsed", "working", "days", "business_days")
IN_DAYS = ("days", "business_days")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(Part):
    """A duration promised, `measured` in one of `MEASURES`.

    Working time is that of a site (`calendar`) or of a `market`; days are those of a market, a
    country such as `MY` or a part of one such as `MY-KUL`.
    """

    within: timedelta
    measured: str
    calendar: str | None = None
    market: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise(Part):
    line_of_business: str
    priority: int
    first_response: Duty
    resolution: Duty
    acknowledge: Duty | None = None
    next_response: Duty | None = None
    escalation_pickup: Duty | None = None
    tier_2_decision: Duty | None = None

    @property
    def duties(self) -> Mapping[str, Duty | None]:
        """Return what is promised by the name of its clock; None where nothing is."""
        return {
            "FIRST_RESPONSE": self.first_response,
            "RESOLUTION": self.resolution,
            "ACKNOWLEDGE": self.acknowledge,
            "NEXT_RESPONSE": self.next_response,
            "ESCALATION_PICKUP": self.escalation_pickup,
            "TIER_2_DECISION": self.tier_2_decision,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class MacroActions(Part):
    """What sending a macro does to the case; what is left out it does not do."""

    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    priority: int | None = None
    reason: str | None = None
    then: str | None = None
    disposition: str | None = None
    escalate_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Macro(Part):
    """A prepared reply; `line_of_business` None serves all, no `conditions` every case of it."""

    key: str
    line_of_business: str | None
    name: str
    bodies: Translations
    conditions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    actions: MacroActions | None = None
    safe_when_locked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox(Part):
    """`language` is what we answer in until somebody's own is known."""

    address: str
    name: str
    line_of_business: str
    language: str
    signatures: Translations


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A whole operation, valid as soon as it exists."""

    settings: Settings
    regions: tuple[Region, ...]
    sites: tuple[Site, ...]
    vendors: tuple[Vendor, ...]
    lines_of_business: tuple[LineOfBusiness, ...]
    reasons: tuple[Reason, ...]
    dispositions: tuple[Disposition, ...]
    teams: tuple[Team, ...]
    staff: tuple[StaffMember, ...]
    forms: tuple[Form, ...]
    promises: tuple[Promise, ...]
    macros: tuple[Macro, ...]
    mailboxes: tuple[Mailbox, ...]
    more: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)  # of `sections`, by name

    def fields_for(self, line_of_business: str) -> tuple[FormField, ...]:
        """Return what the form of a line of business asks: what all ask first, then its own."""
        forms = {form.line_of_business: form.fields for form in self.forms}
        return forms.get(None, ()) + forms.get(line_of_business, ())
