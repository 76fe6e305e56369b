"""Where processes keep compiled Python: compiling it all anew costs each of them two seconds."""

import os
import sys
from pathlib import Path

import caseward

FOLDER = "bytecode"


def keep_in(data: Path) -> None:
    """Keep it in the data folder where it may not be kept beside the sources.

    That is so where PYTHONDONTWRITEBYTECODE asks to leave the sources clean, and where they belong
    to another account.
    """
    if is_kept_beside_sources():
        return
    sys.pycache_prefix = str(data / FOLDER)
    sys.dont_write_bytecode = False
    os.environ["PYTHONPYCACHEPREFIX"] = sys.pycache_prefix
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def is_kept_beside_sources() -> bool:
    """Say whether Python keeps what it compiles in this installation anyway."""
    return not sys.dont_write_bytecode and os.access(caseward.__path__[0], os.W_OK)
