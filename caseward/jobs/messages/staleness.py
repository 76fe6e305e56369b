"""Which catalogues Django does not read as they are written: never compiled, or before a change."""

from pathlib import Path

LOCALES = Path(__file__).resolve().parents[2] / "locale"


def stale_catalogues(locales: Path = LOCALES) -> list[Path]:
    """Return the catalogues that have to be compiled."""
    return [file for file in locales.glob("*/LC_MESSAGES/*.po") if _is_stale(file)]


def _is_stale(file: Path) -> bool:
    compiled = file.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime < file.stat().st_mtime
