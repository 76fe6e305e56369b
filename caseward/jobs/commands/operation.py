"""`caseward plan`, `apply` and `export`: the operation as files."""

from pathlib import Path
from typing import TYPE_CHECKING

from caseward.jobs.commands import Arguments, CommandFailed, Subparsers

if TYPE_CHECKING:
    from collections.abc import Iterable

    from caseward.jobs.operation.differences import Change
    from caseward.jobs.operation.parts import Operation

_SIGNS = {"add": "+", "change": "~", "remove": "-"}


def add_parser(subparsers: Subparsers) -> None:
    """Add the three commands about the operation's files."""
    plan = subparsers.add_parser(
        "plan", description="Say what `apply` would change, and change nothing."
    )
    plan.set_defaults(call=print_plan)
    apply = subparsers.add_parser(
        "apply", description="Make the operation what the files of a folder say, all or nothing."
    )
    apply.set_defaults(call=apply_folder)
    for parser in (plan, apply):
        parser.add_argument("folder", metavar="FOLDER", type=Path, help="such as operations/demo")
    export = subparsers.add_parser(
        "export", description="Write the operation as files into a new folder."
    )
    export.add_argument("folder", metavar="FOLDER", type=Path, help="a folder not there yet")
    export.set_defaults(call=export_folder)


def print_plan(arguments: Arguments) -> None:
    """Read the files, compare, and print every change."""
    from caseward.jobs.operation.applying import planned

    changes = planned(_read(arguments.folder))
    _print(changes)
    print(_summary(changes, done=False))


def apply_folder(arguments: Arguments) -> None:
    """Read the files and make every change in one transaction."""
    from django.utils import timezone

    from caseward.jobs.operation.applying import CannotApply, apply

    try:
        changes = apply(_read(arguments.folder), now=timezone.now())
    except CannotApply as problem:
        raise CommandFailed(str(problem)) from problem
    _print(changes)
    print(_summary(changes, done=True))


def export_folder(arguments: Arguments) -> None:
    """Write the operation in the database as files."""
    from caseward.jobs.operation.applying import present
    from caseward.jobs.operation.exporting import FolderNotEmpty, export

    operation = present()
    if operation is None:
        raise CommandFailed("There is no operation yet. `caseward apply FOLDER` makes one.")
    try:
        written = export(operation, arguments.folder)
    except FolderNotEmpty as problem:
        raise CommandFailed(str(problem)) from problem
    except OSError as problem:
        raise CommandFailed(f"{arguments.folder} cannot be written: {problem}.") from problem
    print(f"Wrote {len(written)} files into {arguments.folder}.")


def _read(folder: Path) -> "Operation":
    from caseward.jobs.operation.problems import OperationInvalid
    from caseward.jobs.operation.reading import read_operation

    try:
        return read_operation(folder)
    except OperationInvalid as invalid:
        count = len(invalid.problems)
        thing = "thing is" if count == 1 else "things are"
        heading = f"{count} {thing} wrong with the files in {folder}; nothing was changed."
        raise CommandFailed("\n".join([heading, *map(str, invalid.problems)])) from invalid


def _print(changes: "Iterable[Change]") -> None:
    for change in changes:
        print(f"{_SIGNS[change.sort]} {change.noun} {change.key}")
        for value in change.changed:
            print(f"    {value.name}: {value.before} → {value.after}")


def _summary(changes: "Iterable[Change]", *, done: bool) -> str:
    sorts = [change.sort for change in changes]
    if not sorts:
        return "The operation is already what the files say."
    added, changed, removed = (sorts.count(sort) for sort in ("add", "change", "remove"))
    if done:
        return f"Done: {added} added, {changed} changed, {removed} removed."
    return f"To do: {added} to add, {changed} to change, {removed} to remove."
