"""`caseward ledger verify`: whether what happened is still what was recorded."""

import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from caseward.jobs.commands import Arguments, Subparsers

if TYPE_CHECKING:
    from caseward.ledger.verifying import Damage

SAYS = {
    "added": "was added without being recorded",
    "changed": "was changed after it was recorded",
    "head": "is not what the end of its chain says",
    "missing": "has no events at all: its whole chain was removed",
    "moved": "stands where another event stood",
    "removed": "was removed",
    "unchained": "and those before it have lost the row that ends their chain",
}


def add_parser(subparsers: Subparsers) -> None:
    """Add the commands about the ledger."""
    parser = subparsers.add_parser("ledger", description="Check that no event was tampered with.")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    verify = actions.add_parser(
        "verify", help="check every chain; name each event that was changed, removed or moved"
    )
    verify.set_defaults(call=verify_ledger)


def verify_ledger(_arguments: Arguments) -> int:
    """Print one line for each damaged event; exit code 1 if there is one."""
    from caseward.ledger.models import Chain, Event
    from caseward.ledger.verifying import damages
    from caseward.org.acting import Actor, acting

    with acting(Actor.system("ledger")):
        found = 0
        for line in _lines([*damages(_show_progress), *_cases_without_events()]):
            print(line)
            found += 1
        checked = f"{Event.objects.count():,} events of {Chain.objects.count():,} chains"
    _clear_progress()
    if found:
        print(f"Checked {checked}: {found:,} damaged.")
        return 1
    print(f"Checked {checked}: every one is as it was recorded.")
    return 0


def _cases_without_events() -> "Iterator[Damage]":
    """Every case begins with an event, so one without a chain has lost it."""
    from caseward.casework.queries import cases_without_events
    from caseward.ledger.verifying import Damage

    return (Damage(case_id, 0, "missing") for case_id in cases_without_events())


def _lines(damages: "Iterable[Damage]") -> Iterator[str]:
    damaged = list(damages)
    names = _references({damage.case_id for damage in damaged})
    for damage in damaged:
        name = names.get(damage.case_id) or _unnamed(damage.case_id)
        event = f"event {damage.seq} " if damage.seq else ""
        yield f"{name}: {event}{SAYS[damage.what]}."


def _unnamed(case_id: int) -> str:
    """Say whose chain it is: those below zero are people's, whose names the log leaves out."""
    return f"case {case_id} (which is gone)" if case_id > 0 else f"Person {-case_id}"


def _references(case_ids: set[int]) -> dict[int, str]:
    from caseward.casework.models import Case

    cases = Case.objects.filter(pk__in=case_ids).values_list("pk", "reference")
    return {0: "Outside of cases", **dict(cases)}


def _show_progress(done: int, total: int) -> None:
    if sys.stderr.isatty() and total:
        print(f"\rChecked {100 * done // total} %", end="", file=sys.stderr, flush=True)


def _clear_progress() -> None:
    if sys.stderr.isatty():
        print("\r\033[K", end="", file=sys.stderr, flush=True)
