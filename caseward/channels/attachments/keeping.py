"""The store: one file for one content, on the disk for good before anything mentions it."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from caseward.casework.models import Attachment
from caseward.channels.attachments.judging import judge

ABANDONED_AFTER = timedelta(days=2)
_UNWANTED = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file in the store, judged, and not yet part of a message."""

    name: str
    content_type: str
    size: int
    sha256: str
    state: str
    note: str = ""
    content_id: str = ""


def keep(
    content: bytes,
    *,
    name: str,
    declared_type: str = "",
    stays_sealed: bool = False,
    content_id: str = "",
) -> KeptFile:
    """Store the bytes durably and judge them. Call it before the transaction that attaches them."""
    judged = judge(content, name=name, declared_type=declared_type, stays_sealed=stays_sealed)
    sha256 = hashlib.sha256(content).hexdigest()
    _write(path_of(sha256), content)
    return KeptFile(
        name=plain_name(name),
        content_type=judged.content_type,
        size=len(content),
        sha256=sha256,
        state=judged.state,
        note=judged.note,
        content_id=content_id[:255],
    )


def attach(message_id: int, files: Iterable[KeptFile]) -> list[Attachment]:
    """Make stored files part of a message, in the caller's transaction."""
    return Attachment.objects.bulk_create(
        Attachment(
            message_id=message_id,
            name=file.name,
            content_type=file.content_type[:120],
            size=file.size,
            sha256=file.sha256,
            content_id=file.content_id,
            state=file.state,
            note=file.note,
        )
        for file in files
    )


def path_of(sha256: str) -> Path:
    """Return where the bytes of this digest are, or would be."""
    return Path(settings.ATTACHMENTS) / sha256[:2] / sha256


def plain_name(name: str) -> str:
    """Return a file's own name: no folders, control characters or marks that hide its ending."""
    last = _UNWANTED.sub("", name).replace("\\", "/").rpartition("/")[2].strip()
    return last[-255:] or "file"


def remove_abandoned(*, now: datetime) -> int:
    """Delete stored bytes that no attachment mentions after two days; return how many."""
    before = (now - ABANDONED_AFTER).timestamp()
    return sum(_sweep(folder, before) for folder in Path(settings.ATTACHMENTS).glob("??"))


def _sweep(folder: Path, before: float) -> int:
    old = [path for path in folder.iterdir() if path.stat().st_mtime < before]
    mentioned = Attachment.objects.filter(sha256__in=[path.name for path in old])
    used = set(mentioned.values_list("sha256", flat=True))
    unused = [path for path in old if path.name not in used]
    for path in unused:
        path.unlink(missing_ok=True)
    return len(unused)


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        path.touch()  # mentioned again: not abandoned
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).rename(path)
    _sync_folder(path.parent)
    _sync_folder(path.parent.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
