"""Everything that can be found wrong with the documentation without a database."""

from collections.abc import Iterator
from itertools import chain

from caseward.jobs.docs import dependencies, generated, links, pages, variables, worked_numbers


def problems() -> Iterator[str]:
    """Yield a sentence for each thing a reader would be misled by."""
    every_page = pages()
    return chain(
        generated.problems(),
        variables.problems(),
        dependencies.problems(),
        links.problems(every_page),
        worked_numbers.problems(every_page),
    )
