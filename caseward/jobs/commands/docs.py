"""`caseward docs`: pages written from the code, and whether all pages are true."""

from caseward.jobs.commands import Arguments, CommandFailed, Subparsers


def add_parser(subparsers: Subparsers) -> None:
    """Add the commands about the documentation."""
    parser = subparsers.add_parser("docs", description="Write or check the documentation.")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    writing = actions.add_parser("write", help="write the generated reference pages anew")
    writing.set_defaults(call=write, bare=True)
    checking = actions.add_parser(
        "check", help="find stale pages, broken links, wrong numbers and what is not explained"
    )
    checking.set_defaults(call=check, bare=True)


def write(_arguments: Arguments) -> None:
    """Write the pages that changed."""
    _set_up()
    from caseward.jobs.docs import generated, name_of

    written = generated.write()
    for page in written:
        print(f"Wrote {name_of(page)}.")
    if not written:
        print("The generated pages are up to date.")


def check(_arguments: Arguments) -> None:
    """Name everything that is wrong."""
    _set_up()
    from caseward.jobs.docs import checking

    found = list(checking.problems())
    for problem in found:
        print(problem)
    if found:
        raise CommandFailed(f"{len(found)} things in the documentation are wrong; see above.")
    print("The documentation is as the code says.")


def _set_up() -> None:
    """Metrics are defined beside models, which need Django but no database."""
    from caseward.jobs.environment import set_up_django

    set_up_django()
