"""Links that lead nowhere."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from caseward.jobs.docs import markdown, name_of

ELSEWHERE = ("https://", "http://", "mailto:")


def problems(pages: Iterable[Path]) -> Iterator[str]:
    """Say which links between pages, and to files, lead nowhere. Other sites are not asked."""
    for page in pages:
        for line, target in markdown.links(page.read_text(encoding="utf-8")):
            if not target.startswith(ELSEWHERE) and (why := _why_broken(page, target)):
                yield f"{name_of(page)}:{line}: {target} {why}."


def _why_broken(page: Path, target: str) -> str:
    path, _, anchor = target.partition("#")
    file = (page.parent / path).resolve() if path else page
    if not file.exists():
        return "does not exist"
    if anchor and anchor not in markdown.anchors(file.read_text(encoding="utf-8")):
        return "names a heading that is not there"
    return ""
