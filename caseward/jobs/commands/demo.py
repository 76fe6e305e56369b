"""`caseward demo`: a made-up operation with eight weeks behind it, for looking and trying."""

import sys
from datetime import UTC, datetime

from caseward.jobs.commands import Arguments, CommandFailed, Subparsers, WrongUsage


def add_parser(subparsers: Subparsers) -> None:
    """Add the commands of the demo."""
    parser = subparsers.add_parser(
        "demo", description="Fill, start afresh or bring to life a demo of made-up cases."
    )
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    fill = actions.add_parser("fill", help="fill an empty installation")
    _add_plan(fill)
    fill.set_defaults(call=fill_in)
    reset = actions.add_parser("reset", help="throw the demo's cases away and fill in new ones")
    _add_plan(reset)
    reset.add_argument("--yes", action="store_true", help="do not ask first")
    reset.set_defaults(call=start_afresh)
    live = actions.add_parser("live", help="write in as requesters, until told to stop")
    live.set_defaults(call=live_on)


def _add_plan(parser: Arguments) -> None:
    parser.add_argument("--cases", type=int, metavar="N", help="how many (default: 20,000)")
    parser.add_argument("--seed", type=int, metavar="S", help="the same seed, the same history")
    parser.add_argument(
        "--now", metavar="TIME", help="when the history ends, such as 2026-11-23T09:00+00:00"
    )


def fill_in(arguments: Arguments) -> None:
    """Fill an installation that has no cases."""
    from caseward.jobs.demo import filling, marking

    try:
        filling.fill(_plan(arguments))
    except marking.NotOurs as why:
        raise CommandFailed(str(why)) from why


def start_afresh(arguments: Arguments) -> None:
    """Ask, empty, fill."""
    from caseward.jobs.demo import filling, marking

    plan = _plan(arguments)
    try:
        marking.refuse_elsewhere()
        if not arguments.yes and not _is_sure():
            raise CommandFailed("Nothing was changed.")
        filling.reset(plan)
    except marking.NotOurs as why:
        raise CommandFailed(str(why)) from why


def live_on(_arguments: Arguments) -> int:
    """Write in, until stopped."""
    from caseward.jobs.demo import marking
    from caseward.jobs.demo.live import living

    try:
        marking.refuse_elsewhere()
    except marking.NotOurs as why:
        print(why, file=sys.stderr)
        return 0  # not a failure: whoever runs everything need not try again
    living.live()
    return 0


def _plan(arguments: Arguments) -> Arguments:
    from caseward.jobs.demo import filling
    from caseward.jobs.demo.history import CASES, SEED, Plan

    cases = CASES if arguments.cases is None else arguments.cases
    if cases < 1:
        raise WrongUsage(f"--cases must be at least 1, got {cases}.")
    return Plan(
        now=_time(arguments.now) if arguments.now else filling.this_hour(),
        cases=cases,
        seed=SEED if arguments.seed is None else arguments.seed,
    )


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC).replace(microsecond=0)
    except ValueError:
        raise WrongUsage(
            f"--now must be a time such as 2026-11-23T09:00+00:00, got {text}."
        ) from None


def _is_sure() -> bool:
    from caseward.casework.models import Case

    count = Case.objects.using("owner").count()
    question = (
        f"All {count} cases, and everything else in this demo, will be deleted. Go on? [y/N] "
    )
    return input(question).strip().lower() in {"y", "yes"}
