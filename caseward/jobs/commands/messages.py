"""`caseward messages`: translations, found, compiled and checked."""

from caseward.jobs.commands import Arguments, CommandFailed, Subparsers

SHOWN = 40


def add_parser(subparsers: Subparsers) -> None:
    """Add the commands about translations."""
    parser = subparsers.add_parser("messages", description="Compile or check the translations.")
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    compiling = actions.add_parser("compile", help="write what Django reads from the catalogues")
    compiling.set_defaults(call=compile_catalogues, bare=True)
    extracting = actions.add_parser("extract", help="bring the catalogues up to date with the code")
    extracting.set_defaults(call=extract, bare=True)
    checking = actions.add_parser("check", help="find what requesters would read untranslated")
    checking.add_argument(
        "--desk", action="store_true", help="also find what staff would read untranslated"
    )
    checking.set_defaults(call=check, bare=True)


def compile_catalogues(_arguments: Arguments) -> None:
    """Compile those that changed."""
    from caseward.jobs.messages import catalogues

    print(f"Compiled {catalogues.compile_all()} catalogues.")


def extract(_arguments: Arguments) -> None:
    """Write new sentences into the catalogues, untranslated."""
    from caseward.jobs.messages import catalogues, finding

    messages = finding.find_messages()
    catalogues.update(messages)
    print(f"The catalogues now hold {len(messages)} sentences.")


def check(arguments: Arguments) -> None:
    """Name every sentence with a problem."""
    from caseward.jobs.messages import catalogues, finding

    messages = finding.find_messages()
    problems = list(catalogues.problems(messages, with_desk=arguments.desk))
    for problem in problems[:SHOWN]:
        print(problem)
    if problems:
        raise CommandFailed(
            f"{len(problems)} translations are missing or wrong. Run `caseward messages extract`, "
            "then translate the empty entries in caseward/locale."
        )
