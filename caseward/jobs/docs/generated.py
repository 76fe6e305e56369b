"""Pages that are written by the program, and whether they are as it would write them now."""

from collections.abc import Callable, Iterator
from pathlib import Path

from caseward.jobs.docs import DOCS, command_line, contents, name_of
from caseward.metrics import reference as metrics

GENERATED: dict[Path, Callable[[], str]] = {
    DOCS / "reference" / "command-line.md": command_line.page,
    metrics.PAGE: metrics.page,
    contents.PAGE: contents.page,
}


def write() -> list[Path]:
    """Write the pages that changed; return them."""
    changed = [page for page in GENERATED if not _is_fresh(page)]
    for page in changed:
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(GENERATED[page](), encoding="utf-8")
    return changed


def problems() -> Iterator[str]:
    for page in GENERATED:
        if not _is_fresh(page):
            yield f"{name_of(page)} is not what the code says now; run `make docs`."


def _is_fresh(page: Path) -> bool:
    return page.exists() and page.read_text(encoding="utf-8") == GENERATED[page]()
