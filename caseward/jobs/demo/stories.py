"""One case as those who live it know it: who wrote, what is really the matter, what was asked."""

from dataclasses import dataclass
from random import Random

from caseward.casework.services import NewCase, Person
from caseward.core.references import RANDOM_BITS, reference_from
from caseward.jobs.demo import texts
from caseward.jobs.demo.books import Book
from caseward.jobs.demo.demand import Arrival
from caseward.jobs.demo.texts import Voice
from caseward.jobs.demo.world import World

DOMAINS = ("example.com", "example.org", "example.net", "mail.example.com", "post.example.net")
DIALLING = {"IN": "+91 9{:04d} {:05d}", "MY": "+60 1{:d}-{:03d} {:04d}", "SG": "+65 8{:03d} {:04d}"}
FOR_SOMEBODY_ELSE = frozenset({"parent-request", "grooming", "bullying-of-minor"})
LEAVES_A_PHONE = 0.18
UNRECOGNISED = 0.22  # of e-mails


@dataclass(slots=True, eq=False)
class Story:
    """What the simulation knows about a case beyond its book."""

    book: Book
    voice: Voice
    lob: str
    reason: str
    email: str
    pending: int = 0  # things still to come that concern it
    answers: int = 0
    asked: int = 0
    is_avoidable: bool = False
    is_wrong_line: bool = False
    is_solved: bool = False
    giving_up: bool = False  # nobody answered; this piece of work ends it
    repeats: "Story | None" = None  # what the same person wrote before
    repeated: "Story | None" = None  # what they wrote again
    doing: str = ""  # what is on the to-do list of its assignee
    habits_of: str = ""  # key of the vendor whose agent answered last


def unused_number(references: set[str], random: Random) -> int:
    """Draw the number of a reference that no other case has."""
    while True:
        number = random.getrandbits(RANDOM_BITS)
        if reference_from(number) not in references:
            references.add(reference_from(number))
            return number


def new_case(arrival: Arrival, world: World, voice: Voice, number: int, random: Random) -> NewCase:
    """Return the case that somebody opens by writing in."""
    written = texts.request(arrival.reason, voice, random)
    reason = world.reasons[arrival.lob, arrival.reason]
    is_recognised = arrival.channel != "EMAIL" or random.random() >= UNRECOGNISED
    lob = world.lobs[arrival.lob]
    return NewCase(
        lob_id=lob.pk,
        priority=reason.priority if is_recognised else lob.default_priority,
        channel=arrival.channel,
        language=arrival.language,
        title=written.subject,
        text=written.body,
        people=_people(arrival, voice, random),
        reason_id=reason.pk if is_recognised else None,
        country=arrival.country,
        reference=reference_from(number),
    )


def _people(arrival: Arrival, voice: Voice, random: Random) -> list[Person]:
    requester = Person(
        name=voice.name,
        handle=voice.handle,
        email=f"{voice.handle.removeprefix('@')}@{random.choice(DOMAINS)}",
        phone=_phone(arrival.country, random) if random.random() < LEAVES_A_PHONE else "",
    )
    if arrival.reason not in FOR_SOMEBODY_ELSE:
        return [requester]
    return [requester, Person(part="SUBJECT", handle=voice.other)]


def _phone(country: str, random: Random) -> str:
    if country == "MY":
        return DIALLING["MY"].format(
            random.randrange(1, 10), random.randrange(1000), random.randrange(10_000)
        )
    if country == "SG":
        return DIALLING["SG"].format(random.randrange(1000), random.randrange(10_000))
    return DIALLING["IN"].format(random.randrange(10_000), random.randrange(100_000))
