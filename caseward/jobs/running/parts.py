"""The processes an installation is made of, in the order they start; they stop the other way."""

from dataclasses import dataclass

from caseward.jobs.environment import has


@dataclass(frozen=True)
class Part:
    """One process: `caseward` with these arguments."""

    name: str
    arguments: tuple[str, ...]
    says: str
    may_end: bool = False


WORKER = Part("worker", ("worker",), "does what is due: sends, sweeps, counts")
WEB = Part("web", ("web",), "serves the pages")
LIVE = Part("live", ("live",), "tells open pages what changed")
MAIL = Part("mail", ("mail",), "takes in e-mail")
DEMO = Part("demo", ("demo", "live"), "writes in as the demo's requesters", may_end=True)


def parts(*, with_demo: bool) -> tuple[Part, ...]:
    """Return the processes to run: those whose command is there."""
    wanted = (WORKER, WEB, LIVE, MAIL, *((DEMO,) if with_demo else ()))
    return tuple(part for part in wanted if has(f"caseward.jobs.commands.{part.arguments[0]}"))
