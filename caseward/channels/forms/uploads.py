"""Files sent with a form: judged at once, and kept aside while the rest is being corrected."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caseward.casework.models import Attachment
from caseward.channels import attachments
from caseward.channels.attachments import KeptFile
from caseward.channels.attachments.judging import SEALED_HERE

type Upload = UploadedFile[bytes]

LASTS = timedelta(days=1)  # shorter than abandoned bytes stay in the store
_SALT = "caseward.kept-file"


@dataclass(frozen=True, slots=True)
class Taken:
    """The files that will be attached, and a sentence about each that will not."""

    files: tuple[KeptFile, ...]
    problems: tuple[str, ...]


def take_files(
    uploads: Sequence[Upload], *, kept: Iterable[str] = (), stays_sealed: bool = False
) -> Taken:
    """Store the files that are fine. `kept` are tokens of files stored by an earlier attempt."""
    before = [file for token in kept if (file := _of_token(token))]
    if stays_sealed:  # they may have been kept by a form that seals nothing
        before = [_sealed(file) for file in before]
    if problem := _too_many(len(before) + len(uploads)):
        return Taken(tuple(before), (problem,))
    files, problems = before, []
    for upload in uploads:
        taken = _take(upload, stays_sealed)
        if isinstance(taken, str):
            problems.append(taken)
        else:
            files.append(taken)
    return Taken(tuple(files), tuple(problems))


def megabytes(size: int) -> str:
    """Return a limit as people say it: `10 MB`."""
    return f"{size / 1_000_000:g} MB"


def token_of(file: KeptFile) -> str:
    """Return what the corrected form names a stored file by."""
    return signing.dumps(asdict(file), salt=_SALT)


def _of_token(token: str) -> KeptFile | None:
    try:
        facts: dict[str, Any] = signing.loads(token, salt=_SALT, max_age=LASTS)
    except signing.BadSignature:
        return None
    file = KeptFile(**facts)
    return file if attachments.path_of(file.sha256).exists() else None


def _sealed(file: KeptFile) -> KeptFile:
    if file.state != Attachment.State.CLEAN:
        return file
    return replace(file, state=Attachment.State.SEALED, note=SEALED_HERE)


def _too_many(count: int) -> str:
    limit = settings.UPLOAD_COUNT_LIMIT
    if count <= limit:
        return ""
    return ngettext(
        "Only %(limit)d file can be sent at once. None of the new files was added; choose again.",
        "Only %(limit)d files can be sent at once. None of the new files was added; choose again.",
        limit,
    ) % {"limit": limit}


def _take(upload: Upload, stays_sealed: bool) -> KeptFile | str:
    """Return the stored file, or why it was not stored."""
    name = upload.name or ""
    about = {"name": name, "limit": megabytes(settings.UPLOAD_SIZE_LIMIT)}
    if not upload.size:
        return _("“%(name)s” is empty. Choose the file again.") % about
    if upload.size > settings.UPLOAD_SIZE_LIMIT:
        return _("“%(name)s” is too large. Choose a file of at most %(limit)s.") % about
    content, declared = upload.read(), upload.content_type or ""
    if attachments.judge(content, name=name, declared_type=declared).is_refused:
        return _(
            "“%(name)s” was not added, because files of this kind can do harm."
            " Send a picture, a PDF or a text document instead."
        ) % about  # fmt: skip
    return attachments.keep(content, name=name, declared_type=declared, stays_sealed=stays_sealed)
