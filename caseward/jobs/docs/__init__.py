"""The documentation: pages written from the code, and what keeps the others true to it.

Owns `docs/`, the README and their checks; a page of metrics is written by the package `metrics`.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
FRONT_PAGES = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "operations/README.md",
)


def pages() -> list[Path]:
    """Return every page people read, the README first."""
    front = [ROOT / name for name in FRONT_PAGES]
    return [*(page for page in front if page.exists()), *sorted(DOCS.rglob("*.md"))]


def name_of(page: Path) -> str:
    """Return how a page is called in a sentence: its path in the project."""
    return str(page.relative_to(ROOT)) if page.is_relative_to(ROOT) else str(page)
